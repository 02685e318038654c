package io.deployguard.simulation.demo;

import java.util.List;
import java.util.Optional;

/** All scenarios. */
public final class Scenarios {

    private static final List<Scenario> ALL = List.of(
            ServiceScenario.migrationConflict(),
            ServiceScenario.schemaMissing(),
            ServiceScenario.wrongHealthPath(),
            ServiceScenario.wrongArchitecture(),
            ServiceScenario.codeError(),
            ServiceScenario.historyMismatch(),
            ReleaseScenario.missingCheckTool(),
            ReleaseScenario.missingSeedData(),
            ReleaseScenario.staleImage(),
            ReleaseScenario.misroutedListener(),
            ReleaseScenario.forwardedListener(),
            ServiceScenario.databaseWait(),
            AskedScenario.granted(),
            AskedScenario.expired(),
            ReactionScenario.personFixes(),
            ReactionScenario.limping(),
            ReactionScenario.lateCrash(),
            ReactionScenario.breakerFirst(),
            new CodeDeployScenario(),
            ReactionScenario.schemaMoved(),
            ReactionScenario.oldBrokenToo(),
            ReactionScenario.inactiveTarget(),
            ReactionScenario.inactiveTargetCopied(),
            ReactionScenario.scaledDown(),
            ReactionScenario.databaseAway(),
            ReactionScenario.silentZero(),
            ShiftScenario.greenCrashes(),
            ShiftScenario.greenCrashesAtPause(),
            ShiftScenario.canaryCrashes(),
            new StormScenario());

    private Scenarios() {}

    public static List<Scenario> all() {
        return ALL;
    }

    public static Optional<Scenario> find(String name) {
        return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
    }
}
