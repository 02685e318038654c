package io.deployguard.classification;

import io.deployguard.ecs.Container;
import io.deployguard.ecs.Stop;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * All evidence as lines that rules can look at: logs oldest first and unpacked, then what ECS and the load balancer say, then the facts that
 * follow. Wrapped messages stand behind their pieces once more in one line.
 *
 * @param usual what healthy tasks wrote, which no rule looks at
 */
record Scene(List<Line> lines, List<Evidence.UsualLine> usual, Outcome outcome) {

    /** What became of the program, as far as ECS and the load balancer tell. */
    enum Outcome {
        /** All targets are healthy and nothing ended: whatever a log complains of was survived. */
        RUNS,
        /** Nothing says that it failed: it was not told, or it ended by itself or by SIGTERM without a complaint. */
        QUIET,
        FAILED
    }

    private static final Set<Integer> ORDERLY = Set.of(0, 143);
    private static final List<String> TROUBLE = List.of("unhealthy", "unable", "fail", "error", "rolling back");

    Scene {
        lines = List.copyOf(lines);
        usual = List.copyOf(usual);
    }

    static Scene of(EvidenceBundle bundle) {
        var scene = new Builder();
        for (TerminalWidth.Written log :
                LogOrder.oldestFirst(TerminalWidth.undo(bundle.only(Evidence.LogLine.class)))) {
            scene.addLog(log.line(), log.again());
        }
        scene.joinRest();
        bundle.only(Evidence.TaskStop.class).forEach(stop -> scene.addStop(stop.stop()));
        bundle.only(Evidence.ContainerExit.class).forEach(scene::addExit);
        bundle.only(Evidence.TargetReason.class).forEach(scene::addTarget);
        bundle.only(Evidence.ServiceMessage.class)
                .forEach(event -> scene.add(Place.SERVICE_EVENT, Place.SERVICE_EVENT.words(), event.text()));
        for (Fact fact : Facts.from(bundle)) {
            scene.add(Place.FACT, Place.FACT.words(), fact.name() + ": " + fact.proof());
        }
        return new Scene(scene.lines, bundle.only(Evidence.UsualLine.class), outcome(bundle));
    }

    private static Outcome outcome(EvidenceBundle bundle) {
        List<Evidence.TargetReason> targets = bundle.only(Evidence.TargetReason.class);
        List<Evidence.ContainerExit> exits = bundle.only(Evidence.ContainerExit.class);
        List<Evidence.TaskStop> stops = bundle.only(Evidence.TaskStop.class);
        boolean orderly = targets.stream().allMatch(target -> target.state().equals("healthy"))
                && exits.stream().allMatch(Scene::isOrderly)
                && stops.stream().allMatch(Scene::isOrderly)
                && bundle.only(Evidence.ServiceMessage.class).stream().noneMatch(Scene::isTrouble);
        // A live look at a service follows a detection: then something did fail, whatever its targets say.
        if (!orderly || bundle.first(Evidence.Serving.class).isPresent()) {
            return Outcome.FAILED;
        }
        return !targets.isEmpty() && exits.isEmpty() && stops.isEmpty() ? Outcome.RUNS : Outcome.QUIET;
    }

    private static boolean isOrderly(Evidence.ContainerExit exit) {
        return exit.exitCode().filter(code -> !ORDERLY.contains(code)).isEmpty()
                && exit.reason().filter(reason -> !reason.isBlank()).isEmpty()
                && exit.health() != Container.Health.UNHEALTHY;
    }

    private static boolean isOrderly(Evidence.TaskStop stop) {
        return stop.stop().code() == Stop.Code.ESSENTIAL_CONTAINER_EXITED
                || (stop.stop().code() == Stop.Code.OTHER
                        && stop.stop().reason().isEmpty());
    }

    private static boolean isTrouble(Evidence.ServiceMessage event) {
        String text = event.text().toLowerCase(Locale.ROOT);
        return TROUBLE.stream().anyMatch(text::contains);
    }

    List<Line> logs() {
        return lines.stream()
                .filter(line -> !line.joined() && (line.place() == Place.LOG || line.place() == Place.ACCESS_LOG))
                .toList();
    }

    private static final class Builder {
        private final List<Line> lines = new ArrayList<>();
        private final WrappedText wrapped = new WrappedText();
        private String container = "";

        void addLog(Evidence.LogLine log, boolean again) {
            container = log.container().isEmpty() ? "log" : "log " + log.container();
            List<String> messages = LogMessages.of(log.text());
            for (String message : messages) {
                wrapped.next(message).forEach(this::addJoined);
                String shown = messages.size() == 1 ? log.text() : message;
                Place place = AccessLog.isAccess(message) ? Place.ACCESS_LOG : Place.LOG;
                lines.add(new Line(place, lines.size(), container, message, shown, again));
                AgentLog.containerReason(message).ifPresent(reason -> add(Place.CONTAINER_REASON, container, reason));
            }
        }

        void joinRest() {
            wrapped.end().forEach(this::addJoined);
        }

        private void addJoined(String text) {
            lines.add(new Line(Place.LOG, lines.size(), container, text, text, true));
        }

        void addStop(Stop stop) {
            if (stop.code() != Stop.Code.OTHER) {
                add(Place.STOP_CODE, Place.STOP_CODE.words(), stop.code().text());
            }
            if (!stop.reason().isEmpty()) {
                // Whoever calls StopTask writes the reason: it says that somebody stopped the task, nothing else.
                Place place = stop.code() == Stop.Code.USER_INITIATED ? Place.USER_REASON : Place.STOPPED_REASON;
                add(place, place.words(), stop.reason());
            }
        }

        void addExit(Evidence.ContainerExit exit) {
            String name = ("container " + exit.container()).strip();
            exit.exitCode().ifPresent(code -> add(Place.EXIT, name, "exit " + code + health(exit)));
            if (exit.exitCode().isEmpty()) {
                add(Place.EXIT, name, "no exit code" + health(exit));
            }
            exit.reason()
                    .filter(reason -> !reason.isEmpty())
                    .ifPresent(reason -> add(Place.CONTAINER_REASON, name, reason));
        }

        private static String health(Evidence.ContainerExit exit) {
            return exit.health() == Container.Health.UNKNOWN ? "" : ", health " + exit.health();
        }

        void addTarget(Evidence.TargetReason target) {
            String text = target.state()
                    + target.reason().map(reason -> " " + reason).orElse("")
                    + target.description()
                            .map(description -> ": " + description)
                            .orElse("");
            add(Place.TARGET_REASON, Place.TARGET_REASON.words(), text);
        }

        void add(Place place, String source, String text) {
            lines.add(new Line(place, lines.size(), source, text, text, false));
        }
    }
}
