package io.deployguard.simulation.account;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Which task definition behaves how. Guarded by the lock of the account. */
final class Behaviors {
    private final World world;
    private final Map<String, Behavior> byName = new HashMap<>();
    private final Map<String, Map<List<String>, Behavior>> byCommand = new HashMap<>();

    Behaviors(World world) {
        this.world = world;
    }

    void set(String familyOrRevision, Behavior behavior) {
        byName.put(familyOrRevision, behavior);
    }

    void setForCommand(String familyOrRevision, List<String> command, Behavior behavior) {
        byCommand.computeIfAbsent(familyOrRevision, name -> new HashMap<>()).put(List.copyOf(command), behavior);
    }

    /** The most particular behavior: by command, then by revision, then by family; without any, the task is healthy. */
    Behavior of(TaskDefinition definition, List<String> command, Optional<String> task) {
        var names = List.of(definition.name(), definition.family());
        var chosen = names.stream()
                .flatMap(name ->
                        Stream.ofNullable(byCommand.getOrDefault(name, Map.of()).get(command)))
                .findFirst()
                .or(() -> names.stream()
                        .flatMap(name -> Stream.ofNullable(byName.get(name)))
                        .findFirst());
        return decide(chosen.orElseGet(Behavior::healthy), new Behavior.Start(world, definition.name(), command, task));
    }

    private static Behavior decide(Behavior behavior, Behavior.Start start) {
        var decided = behavior;
        while (decided instanceof Behavior.Decided(var by)) {
            decided = by.apply(start);
        }
        return decided;
    }
}
