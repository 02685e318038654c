package io.deployguard.classification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;

/** What a text must hold for a pattern to match it. Literals are in lower case and stand for any case. */
sealed interface Requirement {

    int MOST_IN_ENTRY = 60;

    /** Beyond this length a literal is rare enough; fewer of them are then better than longer ones. */
    int LONG_ENOUGH = 8;

    /** Any text will do, as far as is known. */
    record Nothing() implements Requirement {}

    /** A text that must stand somewhere. */
    record Literal(String text) implements Requirement {}

    /** All of two or more. */
    record AllOf(List<Requirement> parts) implements Requirement {
        public AllOf {
            parts = List.copyOf(parts);
        }
    }

    /** At least one of two or more. */
    record OneOf(List<Requirement> parts) implements Requirement {
        public OneOf {
            parts = List.copyOf(parts);
        }
    }

    static Requirement allOf(List<Requirement> parts) {
        List<Requirement> known = parts.stream()
                .flatMap(part -> part instanceof AllOf all ? all.parts().stream() : Stream.of(part))
                .filter(part -> !(part instanceof Nothing))
                .distinct()
                .toList();
        return known.isEmpty() ? new Nothing() : known.size() == 1 ? known.getFirst() : new AllOf(known);
    }

    static Requirement oneOf(List<Requirement> parts) {
        List<Requirement> branches = parts.stream()
                .flatMap(part -> part instanceof OneOf any ? any.parts().stream() : Stream.of(part))
                .distinct()
                .toList();
        if (branches.contains(new Nothing())) {
            return new Nothing();
        }
        return branches.size() == 1 ? branches.getFirst() : new OneOf(branches);
    }

    /** The literals by which texts are best found, one of which each of them holds; empty when nothing is known. */
    default List<String> entry() {
        return switch (this) {
            case Nothing _ -> List.of();
            case Literal literal -> List.of(literal.text());
            case OneOf any -> union(any.parts());
            case AllOf all -> rarest(all.parts());
        };
    }

    private static List<String> union(List<Requirement> parts) {
        var literals = new LinkedHashSet<String>();
        for (Requirement part : parts) {
            List<String> entry = part.entry();
            if (entry.isEmpty()) {
                return List.of();
            }
            literals.addAll(entry);
        }
        return literals.size() <= MOST_IN_ENTRY ? List.copyOf(literals) : List.of();
    }

    private static List<String> rarest(List<Requirement> parts) {
        var entries = new ArrayList<List<String>>();
        parts.stream().map(Requirement::entry).filter(entry -> !entry.isEmpty()).forEach(entries::add);
        return entries.stream()
                .max(Comparator.comparingInt(Requirement::rarity).thenComparingInt(entry -> -entry.size()))
                .orElse(List.of());
    }

    private static int rarity(List<String> literals) {
        int shortest = literals.stream().mapToInt(String::length).min().orElse(0);
        return Math.min(LONG_ENOUGH, shortest);
    }
}
