package io.deployguard.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Lets every check look, and leaves those aside that would need a service when none is named. */
public final class Doctor {

    private final List<Check> checks;

    public Doctor(List<Check> checks) {
        this.checks = List.copyOf(checks);
    }

    /** Of a definition alone. */
    public Findings examine(Draft draft) {
        return examine(draft, Optional.empty());
    }

    /** Of a definition and the service that is to run it. */
    public Findings examine(Draft draft, Surroundings around) {
        return examine(around.service().onFargate() ? draft.onFargate() : draft, Optional.of(around));
    }

    private Findings examine(Draft draft, Optional<Surroundings> around) {
        var said = new ArrayList<Finding>();
        var leftOut = new ArrayList<Check>();
        for (var check : checks) {
            switch (check) {
                case Check.OfDefinition alone -> add(said, check, alone.examine(draft));
                case Check.OfService inService ->
                    around.ifPresentOrElse(
                            known -> add(said, check, inService.examine(draft, known)), () -> leftOut.add(check));
            }
        }
        return new Findings(said, leftOut);
    }

    private static void add(List<Finding> said, Check check, Stream<Result> results) {
        var before = said.size();
        results.distinct().forEach(result -> said.add(new Finding(check, result)));
        if (said.size() == before) {
            said.add(new Finding(check, new Result.Ok()));
        }
    }

    /** Which check said it. */
    public record Finding(Check check, Result result) {}

    /**
     * What all checks said.
     *
     * @param all in the order of the checks, at least one for each that looked
     * @param leftOut that need a service
     */
    public record Findings(List<Finding> all, List<Check> leftOut) {

        public Findings {
            all = List.copyOf(all);
            leftOut = List.copyOf(leftOut);
        }

        /** Those of one kind. */
        public List<Finding> only(Class<? extends Result> kind) {
            return all.stream()
                    .filter(finding -> kind.isInstance(finding.result()))
                    .toList();
        }
    }
}
