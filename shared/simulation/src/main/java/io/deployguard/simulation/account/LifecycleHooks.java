package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The lifecycle hooks of one deployment, and those of its present stage at work. All of a stage run at the same time, and one that refuses is
 * enough. Guarded by the lock of the account.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html">Lifecycle hooks</a>
 */
final class LifecycleHooks {
    private static final Set<String> STAGES_WITHOUT_PAUSE = Set.of("TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT");
    private static final Set<String> STAGES_WITHOUT_HOOKS = Set.of("SCALE_UP", "BAKE_TIME", "CLEAN_UP");
    private static final int MOST_OF_A_TYPE = 10;
    private static final int PATIENCE_MINUTES = 1_440;
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(30);

    /** How far a hook is. */
    enum Status {
        AWAITING_ACTION,
        IN_PROGRESS,
        SUCCEEDED,
        FAILED,
        TIMED_OUT;

        private boolean isOver() {
            return this != AWAITING_ACTION && this != IN_PROGRESS;
        }
    }

    /** What the hooks of a stage have come to. */
    sealed interface Verdict {
        /**
         * At least one is still at work, and none has refused.
         *
         * @param until when something changes if nobody answers
         */
        record Pending(Instant until) implements Verdict {}

        record Passed() implements Verdict {}

        record Refused(String reason) implements Verdict {}
    }

    private record Definition(
            boolean pause, String target, List<String> stages, Duration patience, boolean goesBackOnTimeout) {
        static Definition of(JsonNode hook) {
            var timeout = hook.path("timeoutConfiguration");
            return new Definition(
                    hook.path("targetType").asText("AWS_LAMBDA").equals("PAUSE"),
                    hook.path("hookTargetArn").asText(""),
                    Json.textsIn(hook, "lifecycleStages"),
                    Duration.ofMinutes(timeout.path("timeoutInMinutes").asLong(PATIENCE_MINUTES)),
                    timeout.path("action").asText("ROLLBACK").equals("ROLLBACK"));
        }

        String type() {
            return pause ? "PAUSE" : "AWS_LAMBDA";
        }
    }

    /** A hook at work in a stage. */
    final class Run {
        private final String id;
        private final Definition definition;
        private final String stage;
        private final Instant expiresAt;
        private Status status;
        private Instant askAt;

        private Run(Definition definition, String stage, Instant now) {
            this.id = ids.uuid();
            this.definition = definition;
            this.stage = stage;
            this.expiresAt = now.plus(definition.patience());
            this.askAt = now;
            this.status = definition.pause() ? Status.AWAITING_ACTION : Status.IN_PROGRESS;
        }

        private void turn(Status next) {
            status = next;
            told.accept("HOOK_" + next, this);
        }

        private Instant due() {
            return definition.pause() || expiresAt.isBefore(askAt) ? expiresAt : askAt;
        }

        private boolean refuses() {
            return status == Status.FAILED || (status == Status.TIMED_OUT && definition.goesBackOnTimeout());
        }

        /** As {@code lifecycleHookDetails[]} of DescribeServiceDeployments tells it. */
        private ObjectNode describe() {
            var node = Json.object().put("hookId", id).put("targetType", definition.type());
            if (!definition.pause()) {
                node.put("targetArn", definition.target());
            }
            return node.put("status", status.name())
                    .put("expiresAt", Json.epochSeconds(expiresAt))
                    .put("timeoutAction", definition.goesBackOnTimeout() ? "ROLLBACK" : "CONTINUE");
        }

        /** What an event says of it. */
        ObjectNode detail() {
            return Json.object()
                    .put("hookId", id)
                    .put("hookType", definition.type())
                    .put("lifecycleStage", stage)
                    .put("expiresAt", expiresAt.toString());
        }
    }

    private final List<Definition> definitions;
    private final Map<String, Function<ObjectNode, String>> functions;
    private final ObjectNode question;
    private final Ids ids;
    private final BiConsumer<String, Run> told;
    private List<Run> runs = List.of();

    /**
     * @param functions by their ARNs; a hook whose function is not there fails, as one that ECS cannot call
     * @param question what each function is asked, but for the stage
     * @param told gets each event's name and the hook it is about
     */
    LifecycleHooks(
            ObjectNode configuration,
            Map<String, Function<ObjectNode, String>> functions,
            ObjectNode question,
            Ids ids,
            BiConsumer<String, Run> told) {
        this.definitions = Json.elements(configuration, "lifecycleHooks").stream()
                .map(Definition::of)
                .toList();
        this.functions = functions;
        this.question = question;
        this.ids = ids;
        this.told = told;
    }

    /** @throws AwsError InvalidParameterException for hooks that ECS does not take */
    static void requireValid(ObjectNode configuration) {
        var hooks = Json.elements(configuration, "lifecycleHooks").stream()
                .map(Definition::of)
                .toList();
        for (var hook : hooks) {
            var refused = hook.pause() ? STAGES_WITHOUT_PAUSE : Set.<String>of();
            hook.stages().stream()
                    .filter(stage -> STAGES_WITHOUT_HOOKS.contains(stage) || refused.contains(stage))
                    .findFirst()
                    .ifPresent(stage -> {
                        throw AwsError.invalid("A hook of type %s cannot run at %s.".formatted(hook.type(), stage));
                    });
        }
        var pauses = hooks.stream().filter(Definition::pause).count();
        if (pauses > MOST_OF_A_TYPE || hooks.size() - pauses > MOST_OF_A_TYPE) {
            throw AwsError.invalid("A service has at most %d hooks of each type.".formatted(MOST_OF_A_TYPE));
        }
    }

    void enter(String stage, Instant now) {
        var started = new ArrayList<Run>();
        for (var definition : definitions) {
            if (definition.stages().contains(stage)) {
                started.add(new Run(definition, stage, now));
            }
        }
        runs = started;
        runs.forEach(run -> told.accept("HOOK_" + run.status, run));
    }

    /** Asks functions that are due, and lets pauses end whose time is over. */
    Verdict check(Instant now) {
        for (var run : runs) {
            if (!run.status.isOver() && !now.isBefore(run.due())) {
                if (!now.isBefore(run.expiresAt)) {
                    run.turn(Status.TIMED_OUT);
                } else {
                    ask(run, now);
                }
            }
        }
        var refusal = runs.stream().filter(Run::refuses).findFirst();
        if (refusal.isPresent()) {
            var run = refusal.get();
            return new Verdict.Refused("Lifecycle hook %s at %s: %s.".formatted(run.id, run.stage, run.status));
        }
        return runs.stream()
                .filter(run -> !run.status.isOver())
                .map(Run::due)
                .min(Comparator.naturalOrder())
                .<Verdict>map(Verdict.Pending::new)
                .orElse(new Verdict.Passed());
    }

    private void ask(Run run, Instant now) {
        var request = question.deepCopy().put("executionId", ids.uuid()).put("lifecycleStage", run.stage);
        var answer = Optional.ofNullable(functions.get(run.definition.target()))
                .map(function -> function.apply(request))
                .orElse("FAILED");
        switch (answer) {
            case "IN_PROGRESS" -> run.askAt = now.plus(ASK_AGAIN_AFTER);
            case "SUCCEEDED" -> run.turn(Status.SUCCEEDED);
            case String _ -> run.turn(Status.FAILED);
        }
    }

    /**
     * Answers a pause.
     *
     * @throws AwsError InvalidParameterException when no pause of that id awaits an answer
     */
    void answer(String hookId, boolean goOn) {
        var run = runs.stream()
                .filter(candidate -> candidate.id.equals(hookId) && candidate.status == Status.AWAITING_ACTION)
                .findFirst()
                .orElseThrow(() -> AwsError.invalid("The hook %s is not awaiting an action.".formatted(hookId)));
        if (goOn) {
            run.turn(Status.SUCCEEDED);
        } else {
            // Whether ECS sends an event for a pause that was answered with ROLLBACK is not documented; here it sends
            // none.
            run.status = Status.FAILED;
        }
    }

    ArrayNode describe() {
        var details = Json.array();
        runs.forEach(run -> details.add(run.describe()));
        return details;
    }
}
