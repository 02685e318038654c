package io.deployguard.action;

import java.util.List;
import java.util.Optional;

/** How an action would be carried out on what is there now. */
public sealed interface ActionPlan {

    /** What would be sent next. */
    default Optional<Command> nextCommand() {
        return switch (this) {
            case Steps steps -> Optional.of(steps.commands().getFirst());
            case Stage stage -> Optional.of(stage.command());
            case Preparation preparation -> Optional.of(preparation.command());
            case Waits _, Refused _, Overtaken _ -> Optional.empty();
        };
    }

    /**
     * Commands in order.
     *
     * @param goal where the service will be afterwards, in words
     * @param targetTaskDefinitionArn what will run then
     */
    record Steps(List<Command> commands, String goal, String targetTaskDefinitionArn) implements ActionPlan {

        public Steps {
            if (commands.isEmpty()) {
                throw new IllegalArgumentException("commands: expected at least one");
            }
            commands = List.copyOf(commands);
        }
    }

    /**
     * The next step; the one after it depends on what comes of it.
     *
     * @param awaited what must have happened by then, in words
     */
    record Stage(Command command, String awaited) implements ActionPlan {

        public static Stage of(Command.RunTask command) {
            return new Stage(command, "the end of migration task " + command.taskDefinition());
        }
    }

    /** A first step that is over once AWS has accepted it; the plan is asked again at once, and sees what came of it. */
    record Preparation(Command command) implements ActionPlan {}

    /** A step is under way, and there is nothing to do before its end. */
    record Waits(String on) implements ActionPlan {}

    /** It must not or cannot be done, and why; a person has to look. */
    record Refused(String because) implements ActionPlan {}

    /** It need not be done any more, and why: things have moved on since the decision. */
    record Overtaken(String because) implements ActionPlan {}
}
