package io.deployguard.evidence;

import java.util.List;

/** The body of a PEM block; its label tells what it was. A block without an end runs to the end of the line. */
record PemBlock() implements SecretShape {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final int SHORTEST_BODY = 40;

    @Override
    public boolean looksInside() {
        return true;
    }

    @Override
    public List<String> triggers() {
        return List.of("-----begin ");
    }

    @Override
    public void find(String line, int triggerEnd, Redactor.Cuts cuts) {
        int label = line.indexOf("-----", triggerEnd);
        if (label < 0 || label - triggerEnd > 60) {
            return;
        }
        int from = label + 5;
        int end = line.indexOf(END, from);
        cuts.add(from, end < 0 ? line.length() : end);
    }

    static boolean opens(String line) {
        int begin = line.lastIndexOf(BEGIN);
        return begin >= 0 && line.indexOf(END, begin) < 0;
    }

    static boolean closes(String line) {
        return line.contains(END);
    }

    /**
     * Whether a line after {@link #opens} is body: base64 behind or within whatever a log framework put around it, a PEM header, or the end. The last
     * line of base64 is short; it stands alone or ends with padding.
     */
    static boolean continues(String line) {
        String text = line.strip();
        if (closes(line) || text.isEmpty() || text.startsWith("Proc-Type:") || text.startsWith("DEK-Info:")) {
            return true;
        }
        int run = 0;
        int longest = 0;
        for (int at = 0; at < text.length(); at++) {
            run = isBase64(text.charAt(at)) ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest >= SHORTEST_BODY || run == text.length() || text.endsWith("=");
    }

    private static boolean isBase64(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/'
                || c == '=';
    }
}
