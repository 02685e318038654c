package io.deployguard.classification;

import io.deployguard.classification.Syntax.Assertion;
import io.deployguard.classification.Syntax.Characters;
import io.deployguard.classification.Syntax.Choice;
import io.deployguard.classification.Syntax.Repeat;
import io.deployguard.classification.Syntax.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells which literals a pattern cannot match without, so that the automaton in front of it loses no line. When in doubt it knows nothing; the
 * author then declares a literal or moves it.
 */
final class RequiredLiterals {

    private static final int SHORTEST = 3;

    /** Texts that stand for one another, such as {@code is ready} and {@code was ready}, are followed up to so many. */
    private static final int MOST_TEXTS = 16;

    private static final int MOST_CHARACTERS = 4;

    private final List<String> declared;

    /**
     * What is known about a part of the pattern.
     *
     * @param covered every match holds a declared literal
     * @param texts all that match, in lower case; none when there are too many
     * @param required what every match holds
     * @param longest how many of Java's characters a match has at most
     */
    private record Part(boolean covered, Set<String> texts, Requirement required, int longest) {}

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
            case Assertion _ -> plain(Set.of(""));
        };
    }

    private Part plain(Set<String> texts) {
        if (texts.size() == 1) {
            // Nearly every character of a catalogue, which a cold start reads: without streams.
            return new Part(
                    allHoldDeclared(texts),
                    texts,
                    literals(texts),
                    texts.iterator().next().length());
        }
        return new Part(
                allHoldDeclared(texts),
                texts,
                literals(texts),
                texts.stream().mapToInt(String::length).max().orElse(0));
    }

    /** One of these texts stands there; those that hold another one of them are told by it. */
    private static Requirement literals(Set<String> texts) {
        if (texts.size() == 1) {
            return literal(texts.iterator().next());
        }
        return Requirement.oneOf(texts.stream()
                .filter(text -> texts.stream().noneMatch(other -> !other.equals(text) && text.contains(other)))
                .map(text -> literal(text)
                        .behind(texts.stream()
                                .mapToInt(other -> Math.max(0, other.lastIndexOf(text)))
                                .max()
                                .orElse(0)))
                .toList());
    }

    private static Requirement literal(String text) {
        String stripped = text.strip();
        int blanks = text.length() - text.stripLeading().length();
        return stripped.length() >= SHORTEST ? new Requirement.Literal(stripped, blanks) : new Requirement.Nothing();
    }

    /** One letter in both cases is that letter, since literals know no case. A line feed ends a line. */
    private Part characters(CharSet set) {
        var texts = new LinkedHashSet<String>();
        for (CharSet.Range range : set.ranges()) {
            for (int c = range.from(); c <= range.to() && texts.size() <= MOST_CHARACTERS; c++) {
                texts.add(String.valueOf(Character.toLowerCase((char) c)));
            }
        }
        // Java may write a character as two.
        return texts.size() <= MOST_CHARACTERS && !texts.contains("\n")
                ? plain(texts)
                : new Part(false, Set.of(), new Requirement.Nothing(), 2);
    }

    private static Part union(List<Part> branches) {
        var texts = new LinkedHashSet<String>();
        branches.forEach(branch -> texts.addAll(branch.texts));
        boolean known = texts.size() <= MOST_TEXTS && branches.stream().noneMatch(branch -> branch.texts.isEmpty());
        return new Part(
                branches.stream().allMatch(Part::covered),
                known ? texts : Set.of(),
                Requirement.oneOf(branches.stream().map(Part::required).toList()),
                branches.stream().mapToInt(Part::longest).max().orElse(0));
    }

    private Part sequence(List<Syntax> parts) {
        boolean covered = false;
        boolean whole = true;
        int longest = 0;
        int runBegins = 0;
        Set<String> run = Set.of("");
        var required = new ArrayList<Requirement>();
        for (Syntax each : parts) {
            Part part = part(each);
            covered |= part.covered;
            Set<String> joined = joined(run, part.texts);
            if (joined.isEmpty()) {
                whole = false;
                required.add(literals(run).behind(runBegins));
                required.add(part.required.behind(longest));
                run = part.texts.isEmpty() ? Set.of("") : part.texts;
                runBegins = part.texts.isEmpty() ? Math.min(Requirement.UNLIMITED, longest + part.longest) : longest;
            } else {
                run = joined;
                covered |= allHoldDeclared(run);
            }
            longest = Math.min(Requirement.UNLIMITED, longest + part.longest);
        }
        required.add(literals(run).behind(runBegins));
        return new Part(covered, whole ? run : Set.of(), Requirement.allOf(required), longest);
    }

    /** Each followed by each; none when they are too many. */
    private static Set<String> joined(Set<String> run, Set<String> texts) {
        if (run.size() == 1 && texts.size() == 1) {
            return Set.of(run.iterator().next() + texts.iterator().next());
        }
        if (run.size() * texts.size() > MOST_TEXTS) {
            return Set.of();
        }
        var joined = new LinkedHashSet<String>();
        run.forEach(first -> texts.forEach(second -> joined.add(first + second)));
        return joined;
    }

    private boolean allHoldDeclared(Set<String> texts) {
        if (declared.isEmpty()) {
            return texts.isEmpty();
        }
        return texts.stream().allMatch(text -> declared.stream().anyMatch(text::contains));
    }

    private Part repeated(Repeat repeat) {
        Part part = part(repeat.part());
        int longest = repeat.most()
                .map(most -> (int) Math.min(Requirement.UNLIMITED, (long) most * part.longest))
                .orElse(Requirement.UNLIMITED);
        if (repeat.least() > 0) {
            return new Part(part.covered, Set.of(), part.required, longest);
        }
        boolean optional = repeat.most().filter(most -> most == 1).isPresent() && !part.texts.isEmpty();
        var texts = new LinkedHashSet<>(part.texts);
        texts.add("");
        return new Part(false, optional ? texts : Set.of(), new Requirement.Nothing(), longest);
    }
}
