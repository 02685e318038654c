package io.deployguard.classification;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells which literals a pattern cannot match without, so that the automaton in front of it loses no line. Reads RE2's syntax as far as it must:
 * runs of plain characters, groups, alternatives, repetition. When in doubt it knows nothing; the author then declares a literal or moves it.
 */
final class RequiredLiterals {

    private static final int SHORTEST = 3;

    private final String pattern;
    private final List<String> declared;
    private int at;

    /**
     * What is known about a part of the pattern.
     *
     * @param covered every match holds a declared literal
     * @param plain there is only one text that matches
     * @param exact that text
     * @param required what every match holds
     */
    private record Part(boolean covered, boolean plain, String exact, Requirement required) {}

    /** Matches no character, an anchor for instance. */
    private static final Part EMPTY = new Part(false, true, "", new Requirement.Nothing());

    /** Matches many texts. */
    private static final Part OPEN = new Part(false, false, "", new Requirement.Nothing());

    private RequiredLiterals(String pattern, List<String> declared) {
        this.pattern = pattern;
        this.declared =
                declared.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
    }

    /** Whether every text that the pattern matches holds one of these literals. */
    static boolean hold(String pattern, List<String> declared) {
        return new RequiredLiterals(pattern, declared).alternatives().covered;
    }

    /** What stands in every text that the pattern matches. */
    static Requirement of(String pattern) {
        return new RequiredLiterals(pattern, List.of()).alternatives().required;
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
        boolean covered = branches.stream().allMatch(Part::covered);
        return new Part(
                covered,
                false,
                "",
                Requirement.oneOf(branches.stream().map(Part::required).toList()));
    }

    private Part sequence() {
        boolean covered = false;
        boolean plain = true;
        var run = new StringBuilder();
        var whole = new StringBuilder();
        var required = new ArrayList<Requirement>();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            Part part = quantified(atom());
            covered |= part.covered;
            if (part.plain) {
                run.append(part.exact);
                whole.append(part.exact);
                covered |= holdsDeclared(run);
            } else {
                plain = false;
                addRun(run, required);
                required.add(part.required);
            }
        }
        addRun(run, required);
        return new Part(covered, plain, whole.toString(), Requirement.allOf(required));
    }

    private static void addRun(StringBuilder run, List<Requirement> required) {
        String literal = run.toString().toLowerCase(Locale.ROOT).strip();
        if (literal.length() >= SHORTEST) {
            required.add(new Requirement.Literal(literal));
        }
        run.setLength(0);
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
        return new Part(false, true, text, new Requirement.Nothing());
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
