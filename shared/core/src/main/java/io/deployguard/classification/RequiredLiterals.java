package io.deployguard.classification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells which literals a pattern cannot match without, so that the automaton in front of it loses no line. Reads RE2's syntax as far as it must:
 * runs of plain characters, groups, alternatives, repetition. When in doubt it knows nothing; the author then declares a literal or moves it.
 */
final class RequiredLiterals {

    private static final int SHORTEST = 3;
    /** Beyond this length a literal is rare enough; fewer of them are then better than longer ones. */
    private static final int LONG_ENOUGH = 8;

    private static final int MOST = 60;

    private final String pattern;
    private final List<String> declared;
    private int at;

    /**
     * What is known about a part of the pattern.
     *
     * @param covered every match holds a declared literal
     * @param plain there is only one text that matches
     * @param exact that text
     * @param required every match holds one of these; empty when nothing is known
     */
    private record Part(boolean covered, boolean plain, String exact, List<String> required) {}

    /** Matches no character, an anchor for instance. */
    private static final Part EMPTY = new Part(false, true, "", List.of());

    /** Matches many texts. */
    private static final Part OPEN = new Part(false, false, "", List.of());

    private RequiredLiterals(String pattern, List<String> declared) {
        this.pattern = pattern;
        this.declared =
                declared.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
    }

    /** Whether every text that the pattern matches holds one of these literals. */
    static boolean hold(String pattern, List<String> declared) {
        return new RequiredLiterals(pattern, declared).alternatives().covered;
    }

    /** The best literals, in lower case, one of which stands in every text that the pattern matches. */
    static Optional<List<String>> of(String pattern) {
        List<String> required = new RequiredLiterals(pattern, List.of()).alternatives().required;
        return required.isEmpty() ? Optional.empty() : Optional.of(required);
    }

    private Part alternatives() {
        var branches = new ArrayList<Part>();
        branches.add(sequence());
        while (at < pattern.length() && pattern.charAt(at) == '|') {
            at++;
            branches.add(sequence());
        }
        return branches.size() == 1 ? branches.getFirst() : union(branches);
    }

    private static Part union(List<Part> branches) {
        var required = new LinkedHashSet<String>();
        boolean known = true;
        for (Part branch : branches) {
            required.addAll(branch.required);
            known &= !branch.required.isEmpty();
        }
        boolean covered = branches.stream().allMatch(Part::covered);
        return new Part(covered, false, "", known && required.size() <= MOST ? List.copyOf(required) : List.of());
    }

    private Part sequence() {
        boolean covered = false;
        boolean plain = true;
        var run = new StringBuilder();
        var whole = new StringBuilder();
        var candidates = new ArrayList<List<String>>();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            Part part = quantified(atom());
            covered |= part.covered;
            if (part.plain) {
                run.append(part.exact);
                whole.append(part.exact);
                covered |= holdsDeclared(run);
            } else {
                plain = false;
                addRun(run, candidates);
                candidates.add(part.required);
            }
        }
        addRun(run, candidates);
        return new Part(covered, plain, whole.toString(), best(candidates));
    }

    private static void addRun(StringBuilder run, List<List<String>> candidates) {
        String literal = run.toString().toLowerCase(Locale.ROOT).strip();
        if (literal.length() >= SHORTEST) {
            candidates.add(List.of(literal));
        }
        run.setLength(0);
    }

    private static List<String> best(List<List<String>> candidates) {
        return candidates.stream()
                .filter(candidate -> !candidate.isEmpty())
                .max(Comparator.comparingInt(RequiredLiterals::rarity).thenComparingInt(candidate -> -candidate.size()))
                .orElse(List.of());
    }

    private static int rarity(List<String> literals) {
        int shortest = literals.stream().mapToInt(String::length).min().orElse(0);
        return Math.min(LONG_ENOUGH, shortest);
    }

    private boolean holdsDeclared(StringBuilder run) {
        String text = run.toString().toLowerCase(Locale.ROOT);
        return declared.stream().anyMatch(text::contains);
    }

    private Part quantified(Part part) {
        if (at >= pattern.length()) {
            return part;
        }
        char c = pattern.charAt(at);
        boolean optional = c == '?' || c == '*' || (c == '{' && least() == 0);
        if (c != '?' && c != '*' && c != '+' && !(c == '{' && least() >= 0)) {
            return part;
        }
        at = c == '{' ? pattern.indexOf('}', at) + 1 : at + 1;
        if (at < pattern.length() && pattern.charAt(at) == '?') {
            at++;
        }
        return optional ? OPEN : new Part(part.covered, false, "", part.required);
    }

    /** The lower bound of <code>{n,m}</code> at the current place, -1 when this is a plain brace. */
    private int least() {
        int end = at + 1;
        while (end < pattern.length() && Character.isDigit(pattern.charAt(end))) {
            end++;
        }
        boolean bound =
                end > at + 1 && end < pattern.length() && (pattern.charAt(end) == ',' || pattern.charAt(end) == '}');
        return bound ? Integer.parseInt(pattern.substring(at + 1, end)) : -1;
    }

    private Part atom() {
        char c = pattern.charAt(at);
        if (c == '(') {
            return group();
        }
        if (c == '[') {
            return characterClass();
        }
        if (c == '\\') {
            return escape();
        }
        at++;
        if (c == '.') {
            return OPEN;
        }
        return c == '^' || c == '$' ? EMPTY : plain(String.valueOf(c));
    }

    private Part plain(String text) {
        return new Part(false, true, text, List.of());
    }

    private Part group() {
        at++;
        if (at < pattern.length() && pattern.charAt(at) == '?') {
            int name = pattern.indexOf('>', at);
            boolean named = pattern.startsWith("?P<", at) || pattern.startsWith("?<", at);
            if (named && name > 0) {
                at = name + 1;
            } else if (skipFlags()) {
                return EMPTY;
            }
        }
        Part inner = alternatives();
        if (at < pattern.length() && pattern.charAt(at) == ')') {
            at++;
        }
        return inner;
    }

    /** Steps over {@code ?i:} or {@code ?i)}; true for the latter, which is no group. */
    private boolean skipFlags() {
        while (at < pattern.length() && pattern.charAt(at) != ':' && pattern.charAt(at) != ')') {
            at++;
        }
        boolean flagsOnly = at < pattern.length() && pattern.charAt(at) == ')';
        at++;
        return flagsOnly;
    }

    /** A class of one letter in both cases is that letter, since literals know no case. */
    private Part characterClass() {
        int from = at + 1;
        skipClass();
        String inside = pattern.substring(from, Math.min(pattern.length(), at - 1));
        boolean bothCases = inside.length() == 2
                && Character.toLowerCase(inside.charAt(0)) == Character.toLowerCase(inside.charAt(1));
        return bothCases ? plain(inside.substring(0, 1)) : OPEN;
    }

    private void skipClass() {
        at++;
        if (at < pattern.length() && pattern.charAt(at) == '^') {
            at++;
        }
        if (at < pattern.length() && pattern.charAt(at) == ']') {
            at++;
        }
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            if (pattern.startsWith("[:", at)) {
                at = Math.max(at, pattern.indexOf(":]", at)) + 1;
            }
            at += pattern.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    private Part escape() {
        at++;
        if (at >= pattern.length()) {
            return OPEN;
        }
        char c = pattern.charAt(at++);
        if (c == 'b' || c == 'B' || c == 'A' || c == 'z') {
            return EMPTY;
        }
        if (c == 'Q') {
            int end = pattern.indexOf("\\E", at);
            String quoted = pattern.substring(at, end < 0 ? pattern.length() : end);
            at = end < 0 ? pattern.length() : end + 2;
            return plain(quoted);
        }
        if (c == 'n') {
            return OPEN;
        }
        return Character.isLetterOrDigit(c) ? OPEN : plain(String.valueOf(c));
    }
}
