package io.deployguard.classification;

import io.deployguard.classification.Syntax.Assertion;
import io.deployguard.classification.Syntax.Characters;
import io.deployguard.classification.Syntax.Choice;
import io.deployguard.classification.Syntax.Repeat;
import io.deployguard.classification.Syntax.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells which literals a pattern cannot match without, so that the automaton in front of it loses no line. When in doubt it knows nothing; the
 * author then declares a literal or moves it.
 */
final class RequiredLiterals {

    private static final int SHORTEST = 3;

    private final List<String> declared;

    /**
     * What is known about a part of the pattern.
     *
     * @param covered every match holds a declared literal
     * @param exact the only text that matches, in lower case; absent when there are several
     * @param required what every match holds
     * @param longest how many of Java's characters a match has at most
     */
    private record Part(boolean covered, Optional<String> exact, Requirement required, int longest) {}

    /** One of many characters, some of which Java writes as two. */
    private static final Part ANY_CHARACTER = new Part(false, Optional.empty(), new Requirement.Nothing(), 2);

    private RequiredLiterals(List<String> declared) {
        this.declared =
                declared.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
    }

    /** Whether every text that the pattern matches holds one of these literals. */
    static boolean hold(String pattern, List<String> declared) {
        return Syntax.parse(pattern)
                .filter(syntax -> new RequiredLiterals(declared).part(syntax).covered)
                .isPresent();
    }

    /** What stands in every text that the pattern matches. */
    static Requirement of(Syntax pattern) {
        return new RequiredLiterals(List.of()).part(pattern).required;
    }

    private Part part(Syntax syntax) {
        return switch (syntax) {
            case Characters characters -> characters(characters.set());
            case Sequence sequence -> sequence(sequence.parts());
            case Choice choice ->
                union(choice.branches().stream().map(this::part).toList());
            case Repeat repeat -> repeated(repeat);
            case Assertion _ -> plain("");
        };
    }

    private static Part plain(String text) {
        return new Part(false, Optional.of(text), literal(text), text.length());
    }

    private static Requirement literal(String text) {
        String stripped = text.strip();
        int blanks = text.length() - text.stripLeading().length();
        return stripped.length() >= SHORTEST ? new Requirement.Literal(stripped, blanks) : new Requirement.Nothing();
    }

    /** One letter in both cases is that letter, since literals know no case. A line feed ends a line. */
    private static Part characters(CharSet set) {
        char first = Character.toLowerCase(set.ranges().getFirst().from());
        boolean same = set.ranges().stream()
                .allMatch(range -> range.from() == range.to() && Character.toLowerCase(range.from()) == first);
        return same && first != '\n' ? plain(String.valueOf(first)) : ANY_CHARACTER;
    }

    private static Part union(List<Part> branches) {
        return new Part(
                branches.stream().allMatch(Part::covered),
                Optional.empty(),
                Requirement.oneOf(branches.stream().map(Part::required).toList()),
                branches.stream().mapToInt(Part::longest).max().orElse(0));
    }

    private Part sequence(List<Syntax> parts) {
        boolean covered = false;
        boolean exact = true;
        int longest = 0;
        int runBegins = 0;
        var run = new StringBuilder();
        var whole = new StringBuilder();
        var required = new ArrayList<Requirement>();
        for (Syntax each : parts) {
            Part part = part(each);
            covered |= part.covered;
            if (part.exact.isPresent()) {
                run.append(part.exact.get());
                whole.append(part.exact.get());
                covered |= holdsDeclared(run);
            } else {
                exact = false;
                required.add(literal(run.toString()).behind(runBegins));
                run.setLength(0);
                required.add(part.required.behind(longest));
                runBegins = Math.min(Requirement.UNLIMITED, longest + part.longest);
            }
            longest = Math.min(Requirement.UNLIMITED, longest + part.longest);
        }
        required.add(literal(run.toString()).behind(runBegins));
        return new Part(
                covered,
                exact ? Optional.of(whole.toString()) : Optional.empty(),
                Requirement.allOf(required),
                longest);
    }

    private boolean holdsDeclared(StringBuilder run) {
        String text = run.toString();
        return declared.stream().anyMatch(text::contains);
    }

    private Part repeated(Repeat repeat) {
        Part part = part(repeat.part());
        int longest = repeat.most()
                .map(most -> (int) Math.min(Requirement.UNLIMITED, (long) most * part.longest))
                .orElse(Requirement.UNLIMITED);
        return repeat.least() == 0
                ? new Part(false, Optional.empty(), new Requirement.Nothing(), longest)
                : new Part(part.covered, Optional.empty(), part.required, longest);
    }
}
