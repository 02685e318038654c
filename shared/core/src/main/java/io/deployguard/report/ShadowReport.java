package io.deployguard.report;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.deployguard.classification.Remedy;
import io.deployguard.decision.Decision;
import io.deployguard.decision.Grounds;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.notification.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the guard would have done in a period, had its mode allowed it, and what became of the incidents without it: to be read before a service is
 * given mode {@code auto}.
 *
 * @param incidents that people heard of
 * @param would the ones on which it would have acted, oldest first
 * @param handsOff how often each row of the decision table kept it from acting for another reason than its mode
 */
public record ShadowReport(
        Instant since, Instant until, int incidents, List<Case> would, Map<String, Integer> handsOff) {

    public ShadowReport {
        would = List.copyOf(would);
        handsOff = Map.copyOf(handsOff);
    }

    /**
     * One incident on which it would have acted.
     *
     * @param after the first sign, when it would have acted
     * @param target where it would have gone back to
     * @param recoveredAfter the first sign, when the service was well without it; absent while it is not
     */
    public record Case(
            Incident incident,
            Remedy.Automatic remedy,
            Duration after,
            Optional<String> target,
            Optional<Duration> recoveredAfter) {

        /** {@code roll back to web:41}. */
        public String action() {
            return remedy.action().replace('-', ' ')
                    + target.map(arn -> " to " + arn.substring(arn.lastIndexOf('/') + 1))
                            .orElse("");
        }

        /** What became of it instead, in one clause. */
        public String instead() {
            return switch (incident.progress()) {
                case Progress.Closed closed ->
                    switch (closed.outcome()) {
                        case SUPERSEDED -> "replaced" + whenWell();
                        case RECOVERED -> (closed.serves() ? "well by itself" : "rolled back by others") + whenWell();
                        case HEALED -> "a person agreed, and it was well" + whenWell();
                        case NOT_HEALED -> "a person agreed, and it was not well";
                    };
                case Progress.Suspected _,
                        Progress.Dismissed _,
                        Progress.Investigating _,
                        Progress.Advised _,
                        Progress.Planned _,
                        Progress.Verifying _ -> "not well yet";
            };
        }

        private String whenWell() {
            return recoveredAfter
                    .map(recovered -> " after " + Words.lasting(recovered))
                    .orElse("");
        }

        /** Whether the revision became well by itself: acting on it was not necessary. */
        public boolean wasNeedless() {
            return incident.progress() instanceof Progress.Closed closed && closed.serves();
        }

        /** How much earlier than the recovery the guard would have acted. */
        public Optional<Duration> earlier() {
            return recoveredAfter.map(recovered -> recovered.minus(after)).filter(Duration::isPositive);
        }
    }

    /** The report on these incidents. */
    public static ShadowReport of(List<Incident> incidents, Instant since, Instant until) {
        var told = incidents.stream()
                .filter(Incident::isTold)
                .filter(incident -> incident.decision().isPresent())
                .sorted(comparing(Incident::openedAt))
                .toList();
        var would =
                told.stream().flatMap(incident -> wouldHave(incident).stream()).toList();
        var handsOff = told.stream()
                .filter(incident -> wouldHave(incident).isEmpty())
                .filter(incident -> !(incident.decision().orElseThrow() instanceof Decision.Act))
                .collect(groupingBy(
                        incident -> incident.grounds().map(Grounds::rule).orElse("not recorded"),
                        TreeMap::new,
                        counting()));
        var counts = new TreeMap<String, Integer>();
        handsOff.forEach((rule, count) -> counts.put(rule, count.intValue()));
        return new ShadowReport(since, until, told.size(), would, counts);
    }

    /** Services on which it would have acted, and never needlessly: those for which mode {@code auto} is worth a thought. */
    public List<ServiceRef> candidates() {
        return would.stream()
                .map(one -> one.incident().service())
                .distinct()
                .filter(service -> would.stream()
                        .filter(one -> one.incident().service().equals(service))
                        .noneMatch(Case::wasNeedless))
                .sorted(comparing(ServiceRef::arn))
                .toList();
    }

    private static Optional<Case> wouldHave(Incident incident) {
        return incident.decision()
                .flatMap(decision -> switch (decision) {
                    case Decision.Advise advise -> advise.wouldDo();
                    case Decision.Ask ask -> Optional.of(ask.remedy());
                    case Decision.Act _, Decision.Wait _, Decision.StandDown _ -> Optional.<Remedy.Automatic>empty();
                })
                .map(remedy -> new Case(
                        incident,
                        remedy,
                        Course.toDetect(incident).orElse(Duration.ZERO),
                        incident.situation().flatMap(seen -> seen.healthyTaskDefinitionArn()),
                        Course.toRecover(incident)));
    }
}
