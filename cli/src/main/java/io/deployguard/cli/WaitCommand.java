package io.deployguard.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.classification.CauseId;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.evidence.Redactor;
import io.deployguard.fault.GuardFault;
import io.deployguard.pipeline.Findings;
import io.deployguard.pipeline.Investigation;
import io.deployguard.pipeline.Waiting;
import io.deployguard.pipeline.Waiting.Look;
import io.deployguard.pipeline.Waiting.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Waits until a revision runs healthy, and otherwise says why it does not: the truth for pipelines. */
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description = {
            "Waits until the wanted revision runs healthy. Reads ECS only; needs no database.",
            "Ends early when it was rolled back, stopped, given up or replaced, and when its tasks stop for a cause that another try cannot cure.",
            "Exit code: 0 it runs healthy, 1 it does not, with the cause."
        })
final class WaitCommand implements Callable<Integer> {

    private static final Redactor REDACTOR = Redactor.standard();

    /** For one diagnosis; what is late counts as not seen. */
    private static final Duration EVIDENCE = Duration.ofSeconds(30);

    /** An unsure diagnosis is worth another look after so long: logs arrive late. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(20);

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ServiceOptions where = new ServiceOptions();

    @Option(
            names = "--task-definition",
            paramLabel = "ARN",
            description = "what should run, as ARN or family:revision; without it what the newest deployment brings")
    @Nullable
    String taskDefinition;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "15m",
            converter = Durations.class,
            description = "after which it counts as not healthy, such as 90s, 15m or 1h")
    Duration timeout = Duration.ZERO;

    @Option(
            names = "--soak",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = Durations.class,
            description = "for how long all must look well")
    Duration soak = Duration.ZERO;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Durations.class,
            description = "between two looks")
    Duration interval = Duration.ZERO;

    @Option(names = "--json", description = "one JSON object")
    boolean json;

    private final Clock clock = Clock.systemUTC();

    /** How it ended, with the findings about a revision that does not run. */
    private record End(State state, String because, String wanted, Optional<Findings> findings) {}

    @Override
    public Integer call() throws InterruptedException {
        var began = clock.instant();
        try (var live = where.open(clock)) {
            var until = began.plus(timeout);
            var ref = first(until, () -> where.find(live));
            var wanted = first(until, () -> wanted(live.snapshots().describe(ref)));
            var end = await(live, ref, Waiting.begin(wanted, began, soak), until);
            print(ref, end, Duration.between(began, clock.instant()));
            return end.state == State.HEALTHY ? 0 : DeployGuard.BAD;
        } catch (GuardFault.NotFound | GuardFault.Denied | GuardFault.Malformed unusable) {
            throw new DeployGuard.Unusable(String.valueOf(unusable.getMessage()));
        }
    }

    private String wanted(ServiceSnapshot snapshot) {
        if (taskDefinition == null) {
            return Waiting.newestOf(snapshot)
                    .orElseThrow(() -> new DeployGuard.Unusable(
                            "service " + snapshot.service().ref() + " has no deployment; name --task-definition"));
        }
        if (!taskDefinition.matches("(arn:.+/)?[^/:]+:\\d+")) {
            throw new DeployGuard.Unusable(
                    "--task-definition: expected an ARN or family:revision with its revision, got " + taskDefinition);
        }
        var ref = snapshot.service().ref();
        return taskDefinition.startsWith("arn:")
                ? taskDefinition
                : "arn:%s:ecs:%s:%s:task-definition/%s"
                        .formatted(ref.partition(), ref.region(), ref.account(), taskDefinition);
    }

    /** Looks until the answer is there or the time is up. A look that ECS refuses for the moment is taken again. */
    private End await(LiveService live, ServiceRef ref, Waiting waiting, Instant until) throws InterruptedException {
        var suspicion = new Suspicion(live, ref);
        var now = waiting;
        var said = "no look at the service was answered";
        while (true) {
            Optional<Seen> look;
            try {
                look = look(live, ref, now);
            } catch (GuardFault.NotFound gone) {
                return new End(State.FAILED, "the service is gone", now.wanted(), Optional.empty());
            }
            var findings =
                    look.filter(seen -> seen.look.state() == State.PENDING).flatMap(suspicion::examine);
            if (findings.isPresent()) {
                return new End(State.FAILED, hopeless(findings.get()), now.wanted(), findings);
            }
            if (look.isPresent() && look.get().look.state() != State.PENDING) {
                return end(live, ref, look.get().look);
            }
            var because = look.map(seen -> seen.look.because()).orElse(said);
            if (!because.equals(said)) {
                err(because);
                said = because;
            }
            now = look.map(seen -> seen.look.next()).orElse(now);
            if (!pause(until)) {
                return timeout(live, ref, look, because, now.wanted());
            }
        }
    }

    /** Whether there is time for another look; waits for it. */
    private boolean pause(Instant until) throws InterruptedException {
        var left = Duration.between(clock.instant(), until);
        if (!left.isPositive()) {
            return false;
        }
        Thread.sleep(left.compareTo(interval) < 0 ? left : interval);
        return true;
    }

    private record Seen(ServiceSnapshot snapshot, Look look) {}

    private Optional<Seen> look(LiveService live, ServiceRef ref, Waiting waiting) {
        return seen(() -> live.snapshots().describe(ref)).map(snapshot -> new Seen(snapshot, waiting.look(snapshot)));
    }

    /** What the first look shows that ECS does not refuse for the moment. */
    private <T> T first(Instant until, Supplier<T> look) throws InterruptedException {
        var seen = seen(look);
        while (seen.isEmpty()) {
            if (!pause(until)) {
                throw new GuardFault.Unavailable("the service could not be looked at within " + inWords(timeout), null);
            }
            seen = seen(look);
        }
        return seen.get();
    }

    private <T> Optional<T> seen(Supplier<T> look) {
        try {
            return Optional.of(look.get());
        } catch (GuardFault fault) {
            if (!fault.isTransient()) {
                throw fault;
            }
            err("not seen: " + fault.getMessage());
            return Optional.empty();
        }
    }

    private End end(LiveService live, ServiceRef ref, Look look) {
        var findings = look.subject()
                .filter(_ -> look.state() != State.HEALTHY)
                .flatMap(subject -> investigate(live, ref, subject))
                .filter(found -> look.state() != State.REPLACED || namesACause(found));
        return new End(look.state(), look.because(), look.next().wanted(), findings);
    }

    /** Most of what is replaced was well. */
    private static boolean namesACause(Findings findings) {
        return findings.diagnosis() instanceof Diagnosis.Identified found
                && found.confidence() >= DecisionPolicy.SURE
                && !found.cause().equals(CauseId.NOT_A_FAILURE);
    }

    private End timeout(LiveService live, ServiceRef ref, Optional<Seen> last, String because, String wanted) {
        var findings = last.flatMap(seen -> seen.look.subject()).flatMap(subject -> investigate(live, ref, subject));
        return new End(
                State.TIMEOUT, "not healthy after %s: %s".formatted(inWords(timeout), because), wanted, findings);
    }

    /** Why it failed is worth much, and less than that it did. */
    private Optional<Findings> investigate(LiveService live, ServiceRef ref, DeploymentId subject) {
        try {
            return Optional.of(live.investigation()
                    .investigate(
                            ref,
                            subject,
                            Investigation.Memory.NONE,
                            clock.instant().plus(EVIDENCE)));
        } catch (GuardFault fault) {
            err("cause not seen: " + fault.getMessage());
            return Optional.empty();
        }
    }

    /** Whether the stops of the wanted revision have a cause that another try cannot cure. Asked anew only when something is new. */
    private final class Suspicion {

        private final LiveService live;
        private final ServiceRef ref;
        private long known;
        private Instant lookAgainAt = Instant.MAX;

        Suspicion(LiveService live, ServiceRef ref) {
            this.live = live;
            this.ref = ref;
        }

        Optional<Findings> examine(Seen seen) {
            if (seen.look.subject().isEmpty()) {
                return Optional.empty();
            }
            var subject = seen.look.subject().get();
            var stops = seen.snapshot.tasksOf(subject).stream()
                    .filter(StopJudgement::isUnexpected)
                    .count();
            if (stops == 0 || (stops == known && clock.instant().isBefore(lookAgainAt))) {
                return Optional.empty();
            }
            lookAgainAt = stops == known ? Instant.MAX : clock.instant().plus(LOOK_AGAIN);
            known = stops;
            return investigate(live, ref, subject).filter(WaitCommand::isHopeless);
        }
    }

    private static boolean isHopeless(Findings findings) {
        return namesACause(findings)
                && findings.diagnosis() instanceof Diagnosis.Identified found
                && found.hopeless()
                && found.proven()
                && findings.situation().servingNew() == 0;
    }

    private static String hopeless(Findings findings) {
        return "its tasks stop for a cause that another try cannot cure: "
                + findings.diagnosis().explanation();
    }

    private void print(ServiceRef ref, End end, Duration took) {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(json(ref, end, took));
        } else {
            out.println("%s: %s".formatted(inWords(end.state), REDACTOR.redact(end.because)));
            end.findings.ifPresent(findings -> {
                out.println(CauseLine.of(findings.diagnosis()));
                findings.diagnosis()
                        .proof()
                        .forEach(proof -> out.println("  | " + proof.source() + ": " + proof.text()));
                DiagnosisJson.advice(findings.diagnosis()).forEach(step -> out.println("  > " + step));
            });
        }
        out.flush();
    }

    private static ObjectNode json(ServiceRef ref, End end, Duration took) {
        var line = DiagnosisJson.JSON
                .createObjectNode()
                .put("service", ref.arn())
                .put("taskDefinition", end.wanted)
                .put("state", end.state.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("because", REDACTOR.redact(end.because))
                .put("seconds", took.toSeconds());
        end.findings.ifPresent(findings -> line.setAll(DiagnosisJson.of(findings.diagnosis())));
        return line;
    }

    private void err(String progress) {
        Objects.requireNonNull(spec).commandLine().getErr().println("· " + REDACTOR.redact(progress));
    }

    private static String inWords(State state) {
        return switch (state) {
            case PENDING -> "Pending";
            case HEALTHY -> "Healthy";
            case ROLLED_BACK -> "ROLLED BACK";
            case FAILED -> "FAILED";
            case REPLACED -> "REPLACED";
            case TIMEOUT -> "TIMEOUT";
        };
    }

    private static String inWords(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
