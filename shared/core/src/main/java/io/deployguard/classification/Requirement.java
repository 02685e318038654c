package io.deployguard.classification;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/** What a text must hold for a pattern to match it. Literals are in lower case and stand for any case. */
sealed interface Requirement {

    /** Stands for any number of characters. */
    int UNLIMITED = 1 << 20;

    int MOST_IN_ENTRY = 60;

    /** Beyond this length a literal is rare enough; fewer of them are then better than longer ones. */
    int LONG_ENOUGH = 8;

    /** Any text will do, as far as is known. */
    record Nothing() implements Requirement {}

    /**
     * A text that must stand somewhere.
     *
     * @param before how many characters of a match may precede it at most
     */
    record Literal(String text, int before) implements Requirement {}

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

    /** The same behind a part of the pattern that takes up to so many characters. */
    default Requirement behind(int characters) {
        return switch (this) {
            case Nothing nothing -> nothing;
            case Literal literal ->
                new Literal(literal.text(), Math.min(UNLIMITED, literal.before() + Math.min(UNLIMITED, characters)));
            case AllOf all ->
                new AllOf(all.parts().stream()
                        .map(part -> part.behind(characters))
                        .toList());
            case OneOf any ->
                new OneOf(any.parts().stream()
                        .map(part -> part.behind(characters))
                        .toList());
        };
    }

    /** The literals by which texts are best found, one of which each of them holds; empty when nothing is known. */
    default List<Literal> entry() {
        return switch (this) {
            case Nothing _ -> List.of();
            case Literal literal -> List.of(literal);
            case OneOf any -> union(any.parts());
            case AllOf all -> rarest(all.parts());
        };
    }

    private static List<Literal> union(List<Requirement> parts) {
        var literals = new LinkedHashMap<String, Literal>();
        for (Requirement part : parts) {
            List<Literal> entry = part.entry();
            if (entry.isEmpty()) {
                return List.of();
            }
            entry.forEach(literal -> literals.merge(
                    literal.text(), literal, (one, other) -> one.before() >= other.before() ? one : other));
        }
        return literals.size() <= MOST_IN_ENTRY ? List.copyOf(literals.values()) : List.of();
    }

    private static List<Literal> rarest(List<Requirement> parts) {
        return parts.stream()
                .map(Requirement::entry)
                .filter(entry -> !entry.isEmpty())
                .max(Comparator.<List<Literal>>comparingInt(Requirement::rarity)
                        .thenComparingInt(entry -> -entry.size()))
                .orElse(List.of());
    }

    private static int rarity(List<Literal> literals) {
        int shortest = literals.stream()
                .mapToInt(literal -> literal.text().length())
                .min()
                .orElse(0);
        return Math.min(LONG_ENOUGH, shortest);
    }
}
