package io.deployguard.evidence;

import java.util.List;

/**
 * The value of a setting whose name says that it is secret: {@code KEY=value}, {@code "key": "value"}, {@code key: value},
 * {@code key => value}, {@code Password=value;} of a connection string, {@code ?token=value} of a URL. The name stays.
 */
record SecretSetting() implements SecretShape {

    private static final List<String> NAMES = List.of(
            "password",
            "passwd",
            "passphrase",
            "pwd",
            "secret",
            "token",
            "apikey",
            "api_key",
            "api-key",
            "accesskey",
            "access_key",
            "access-key",
            "privatekey",
            "private_key",
            "private-key",
            "accountkey",
            "account_key",
            "sharedaccesskey",
            "encryption_key",
            "encryptionkey",
            "encryption-key",
            "signing_key",
            "signingkey",
            "signing-key",
            "master_key",
            "masterkey",
            "app_key",
            "appkey",
            "auth_key",
            "authkey",
            "license_key",
            "licensekey",
            "sessionid",
            "session_id",
            "session-id",
            "credential",
            "_salt",
            "_pass",
            "secret_key_base",
            "db_pass",
            "x-auth",
            "phpsessid",
            "connect.sid",
            "csrftoken",
            "_session");

    private static final int LONGEST_REST_OF_NAME = 16;
    /** Whether it is a value at all shows in its first characters; only then is it followed to its end. */
    private static final int LONGEST_GLANCE = 160;

    private static final int LONGEST_ARN = 300;

    @Override
    public List<String> triggers() {
        return NAMES;
    }

    @Override
    public void find(String line, int triggerEnd, Redactor.Cuts cuts) {
        if (line.startsWith("smanager", triggerEnd)) {
            // secretsmanager:GetSecretValue is what a role may lack.
            return;
        }
        int separator = separatorAfterName(line, triggerEnd);
        if (separator < 0) {
            return;
        }
        int from = skip(line, separator + 1, ">", 1);
        from = skip(line, from, " \t", 3);
        from = skip(line, from, "\\", 3);
        boolean quoted = from < line.length() && "\"'`".indexOf(line.charAt(from)) >= 0;
        from = quoted ? from + 1 : from;
        int glance = end(line, from, quoted, LONGEST_GLANCE);
        if (glance > from && !isPartOfArn(line, from) && SecretNames.isValue(line, from, glance)) {
            cuts.add(from, glance - from < LONGEST_GLANCE ? glance : end(line, from, quoted, line.length()));
        }
    }

    private static int end(String line, int from, boolean quoted, int most) {
        int limit = (int) Math.min(line.length(), (long) from + most);
        return quoted ? endOfQuoted(line, from, limit) : endOfBare(line, from, limit);
    }

    /** Index of the {@code =} or {@code :} behind the name that goes on at {@code from}, or -1. */
    private static int separatorAfterName(String line, int from) {
        int at = from;
        int limit = Math.min(line.length(), from + LONGEST_REST_OF_NAME);
        while (at < limit
                && (Character.isLetterOrDigit(line.charAt(at)) || line.charAt(at) == '_' || line.charAt(at) == '-')) {
            at++;
        }
        at = skip(line, at, "\\", 3);
        at = skip(line, at, "\"'`", 1);
        at = skip(line, at, "]", 1);
        at = skip(line, at, " \t", 3);
        boolean separates = at < line.length() && (line.charAt(at) == '=' || line.charAt(at) == ':');
        boolean scope = separates && line.startsWith("::", at);
        boolean comparison = separates && line.startsWith("==", at);
        return separates && !scope && !comparison ? at : -1;
    }

    private static int skip(String line, int from, String characters, int most) {
        int at = from;
        while (at < line.length() && at - from < most && characters.indexOf(line.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private static int endOfQuoted(String line, int from, int limit) {
        char quote = line.charAt(from - 1);
        boolean quoteIsEscaped = from >= 2 && line.charAt(from - 2) == '\\';
        int at = from;
        while (at < limit && line.charAt(at) != quote) {
            boolean escape = line.charAt(at) == '\\';
            if (escape && quoteIsEscaped && line.startsWith(String.valueOf(quote), at + 1)) {
                return at;
            }
            at += escape ? 2 : 1;
        }
        return Math.min(at, limit);
    }

    private static int endOfBare(String line, int from, int limit) {
        int at = from;
        while (at < limit && line.charAt(at) > ' ' && "\"'`,;&<>\\{}()[]|".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    /** {@code arn:aws:secretsmanager:…:secret:prod/db} names a secret and is none. */
    private static boolean isPartOfArn(String line, int from) {
        int least = Math.max(0, from - LONGEST_ARN);
        for (int at = from - 1; at >= least && line.charAt(at) > ' '; at--) {
            if (line.startsWith("arn:", at)) {
                return true;
            }
        }
        return false;
    }
}
