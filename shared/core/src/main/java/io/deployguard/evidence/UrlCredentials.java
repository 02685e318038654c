package io.deployguard.evidence;

import java.util.List;

/** The password in {@code scheme://user:password@host}, whatever characters it was not escaped for; the user and the host stay. */
record UrlCredentials() implements SecretShape {

    private static final int LONGEST = 400;

    @Override
    public boolean looksInside() {
        return true;
    }

    @Override
    public List<String> triggers() {
        return List.of("://");
    }

    @Override
    public void find(String line, int triggerEnd, Redactor.Cuts cuts) {
        int end = endOfUrl(line, triggerEnd);
        int at = lastAtOfAuthority(line, triggerEnd, end);
        if (at < 0) {
            at = atAfterBlank(line, triggerEnd, end);
        }
        if (at < 0) {
            return;
        }
        int colon = indexOf(line, ':', triggerEnd, at);
        if (colon >= 0) {
            if (!isMasked(line, colon + 1, at)) {
                cuts.add(colon + 1, at);
            }
        } else if (SecretNames.looksRandom(line.substring(triggerEnd, at))) {
            cuts.add(triggerEnd, at);
        }
    }

    private static int endOfUrl(String line, int from) {
        int limit = Math.min(line.length(), from + LONGEST);
        for (int at = from; at < limit; at++) {
            char c = line.charAt(at);
            if (c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`') {
                return at;
            }
        }
        return limit;
    }

    /** The {@code @} that ends the user's part, or -1. A password may hold a slash; a path may hold an {@code @} and is none. */
    private static int lastAtOfAuthority(String line, int from, int end) {
        int authorityEnd = from;
        while (authorityEnd < end && "/?#".indexOf(line.charAt(authorityEnd)) < 0) {
            authorityEnd++;
        }
        for (int at = authorityEnd - 1; at >= from; at--) {
            if (line.charAt(at) == '@') {
                return at;
            }
        }
        int later = indexOf(line, '@', authorityEnd, end);
        int colon = indexOf(line, ':', from, authorityEnd);
        boolean credentials = later >= 0 && colon >= 0 && !isPort(line, colon + 1, later);
        return credentials ? later : -1;
    }

    /** A password with a blank in it, which is often the very fault that the line tells. */
    private static int atAfterBlank(String line, int from, int end) {
        int colon = indexOf(line, ':', from, end);
        if (isWeb(line, from)
                || colon < 0
                || isPort(line, colon + 1, end)
                || end >= line.length()
                || line.charAt(end) != ' ') {
            return -1;
        }
        int nextEnd = endOfUrl(line, end + 1);
        return indexOf(line, '@', end + 1, nextEnd);
    }

    private static boolean isMasked(String line, int from, int to) {
        return line.substring(from, to).chars().allMatch(c -> c == '*');
    }

    /** Within bounds, so that a line of many addresses costs no more than its length. */
    private static int indexOf(String line, char c, int from, int to) {
        for (int at = from; at < to; at++) {
            if (line.charAt(at) == c) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isWeb(String line, int from) {
        return line.startsWith("http", Math.max(0, from - 7)) || line.startsWith("http", Math.max(0, from - 8));
    }

    /**
     * Digits that nothing or a path follows. A fragment or a query without any {@code =} is a password's, in an address that no browser opens: there
     * {@code app:12#a} is no port.
     */
    private static boolean isPort(String line, int from, int to) {
        int at = from;
        while (at < to && Character.isDigit(line.charAt(at))) {
            at++;
        }
        if (at == from) {
            return false;
        }
        char next = at < to ? line.charAt(at) : '/';
        return switch (next) {
            case '/', ',' -> true;
            case '?' -> isWeb(line, schemeEnd(line, from)) || indexOf(line, '=', at, to) >= 0;
            case '#' -> isWeb(line, schemeEnd(line, from));
            default -> false;
        };
    }

    private static int schemeEnd(String line, int from) {
        return line.lastIndexOf("://", from) + 3;
    }
}
