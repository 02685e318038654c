package io.deployguard.classification;

import java.util.List;

/** Tells a request that was logged from the application's own words: the address and the agent in it are a stranger's text. */
final class AccessLog {

    private static final List<String> METHODS =
            List.of("GET ", "POST ", "PUT ", "HEAD ", "PATCH ", "DELETE ", "OPTIONS ");
    private static final int HEAD = 260;
    private static final char NONE = ' ';

    private AccessLog() {}

    /** A method, an address, and a status: {@code "GET /health HTTP/1.1" 404}, {@code GET /health 404 3 ms}. */
    static boolean isAccess(String line) {
        return statusClass(line) != NONE;
    }

    /** A request that was answered as it should be. */
    static boolean isServed(String line) {
        char status = statusClass(line);
        return status == '2' || status == '3';
    }

    /** The first digit of the status. */
    private static char statusClass(String line) {
        for (String method : METHODS) {
            int at = line.indexOf(method);
            char status = at >= 0 && at < HEAD ? statusBehind(line, at + method.length()) : NONE;
            if (status != NONE) {
                return status;
            }
        }
        return NONE;
    }

    private static char statusBehind(String line, int address) {
        if (address >= line.length() || (line.charAt(address) != '/' && !line.startsWith("http", address))) {
            return NONE;
        }
        int end = line.indexOf(' ', address);
        if (end < 0) {
            return NONE;
        }
        int at = end + 1;
        if (line.startsWith("HTTP/", at)) {
            int quote = line.indexOf('"', at);
            int blank = line.indexOf(' ', at);
            at = quote > 0 && (quote < blank || blank < 0) ? quote + 1 : blank;
            if (at <= 0) {
                return NONE;
            }
        }
        while (at < line.length()
                && (line.charAt(at) == ' '
                        || line.charAt(at) == '"'
                        || line.charAt(at) == '-'
                        || line.charAt(at) == '>')) {
            at++;
        }
        boolean status = at + 3 <= line.length()
                && line.charAt(at) >= '1'
                && line.charAt(at) <= '5'
                && Character.isDigit(line.charAt(at + 1))
                && Character.isDigit(line.charAt(at + 2))
                && (at + 3 == line.length() || !Character.isLetterOrDigit(line.charAt(at + 3)));
        return status ? line.charAt(at) : NONE;
    }
}
