package io.deployguard.classification;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Checks that whatever a pattern matches holds one of its literals, so that the automaton in front of it loses no line. Reads RE2's syntax as
 * far as it must: runs of plain characters, groups, alternatives, repetition. When in doubt it says no; the author then moves the literal.
 */
final class RequiredLiteral {

    private final String pattern;
    private final List<String> literals;
    private int at;

    private RequiredLiteral(String pattern, List<String> literals) {
        this.pattern = pattern;
        this.literals =
                literals.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
    }

    static boolean holds(String pattern, List<String> literals) {
        return new RequiredLiteral(pattern, literals).alternatives().covered;
    }

    /**
     * What is known about a part.
     *
     * @param covered every match holds a literal
     * @param plain there is only one text that matches
     * @param exact that text
     */
    private record Part(boolean covered, boolean plain, String exact) {}

    /** Matches no character, an anchor for instance. */
    private static final Part EMPTY = new Part(false, true, "");

    /** Matches many texts. */
    private static final Part OPEN = new Part(false, false, "");

    private Part alternatives() {
        var branches = new ArrayList<Part>();
        branches.add(sequence());
        while (at < pattern.length() && pattern.charAt(at) == '|') {
            at++;
            branches.add(sequence());
        }
        return branches.size() == 1
                ? branches.getFirst()
                : new Part(branches.stream().allMatch(Part::covered), false, "");
    }

    private Part sequence() {
        boolean covered = false;
        boolean plain = true;
        var run = new StringBuilder();
        var whole = new StringBuilder();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            Part part = quantified(atom());
            covered |= part.covered;
            if (part.plain) {
                run.append(part.exact);
                whole.append(part.exact);
                covered |= holdsLiteral(run);
            } else {
                plain = false;
                run.setLength(0);
            }
        }
        return new Part(covered, plain, whole.toString());
    }

    private boolean holdsLiteral(StringBuilder run) {
        String text = run.toString().toLowerCase(Locale.ROOT);
        return literals.stream().anyMatch(text::contains);
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
        return new Part(part.covered && !optional, false, "");
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
            skipClass();
            return OPEN;
        }
        if (c == '\\') {
            return escape();
        }
        at++;
        if (c == '.') {
            return OPEN;
        }
        return c == '^' || c == '$' ? EMPTY : new Part(false, true, String.valueOf(c));
    }

    private Part group() {
        at++;
        if (at < pattern.length() && pattern.charAt(at) == '?') {
            int name = pattern.indexOf('>', at);
            boolean named = pattern.startsWith("?P<", at) || pattern.startsWith("?<", at);
            if (named && name > 0) {
                at = name + 1;
            } else {
                while (at < pattern.length() && pattern.charAt(at) != ':' && pattern.charAt(at) != ')') {
                    at++;
                }
                if (at < pattern.length() && pattern.charAt(at) == ')') {
                    at++;
                    return EMPTY;
                }
                at++;
            }
        }
        Part inner = alternatives();
        if (at < pattern.length() && pattern.charAt(at) == ')') {
            at++;
        }
        return inner;
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
            return new Part(false, true, quoted);
        }
        return Character.isLetterOrDigit(c) ? OPEN : new Part(false, true, String.valueOf(c));
    }
}
