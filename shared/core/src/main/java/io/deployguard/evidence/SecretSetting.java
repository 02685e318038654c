package io.deployguard.evidence;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The value of a setting whose name says that it is secret: {@code KEY=value}, {@code "key": "value"}, {@code key: value},
 * {@code key => value}, {@code Password=value;} of a connection string, {@code ?token=value} of a URL. The name stays.
 */
record SecretSetting(List<String> names, boolean onlyGenerated) implements SecretShape {

    /** Behind these a word or a path is usual as well: {@code routing_key: orders.created}. */
    private static final List<String> NAMES_OF_KEYS = List.of(
            "storage_key",
            "storagekey",
            "routing_key",
            "routingkey",
            "integration_key",
            "integrationkey",
            "subscription_key",
            "subscription-key",
            "shared_key",
            "service_key",
            "service_role_key");

    /** What follows a secret's name in names of what is none: {@code passwordEncoder}, {@code token_type}, {@code secretName}. */
    private static final Set<String> ABOUT = Set.of(
            "encoder",
            "policy",
            "length",
            "strength",
            "type",
            "name",
            "names",
            "file",
            "path",
            "arn",
            "endpoint",
            "expiry",
            "expires",
            "ttl",
            "count",
            "limit",
            "manager",
            "provider",
            "service",
            "repository",
            "store",
            "validator",
            "filter");

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
    private static final int LONGEST_ELEMENT = 80;

    /** Settings whose every value is a secret. */
    static SecretSetting named() {
        return new SecretSetting(NAMES, false);
    }

    /** Settings whose value is a secret when it looks generated. */
    static SecretSetting keys() {
        return new SecretSetting(NAMES_OF_KEYS, true);
    }

    @Override
    public List<String> triggers() {
        return names;
    }

    @Override
    public void find(String line, int triggerEnd, Redactor.Cuts cuts) {
        if (line.startsWith("smanager", triggerEnd) || isAboutIt(line, triggerEnd)) {
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
        boolean secret = onlyGenerated
                ? SecretNames.looksGenerated(line.substring(from, glance))
                : SecretNames.isValue(line, from, glance) && !isCount(line, triggerEnd, from, glance);
        if (glance > from && secret && !isPartOfArn(line, from)) {
            cuts.add(from, glance - from < LONGEST_GLANCE ? glance : end(line, from, quoted, line.length()));
        }
    }

    private static int end(String line, int from, boolean quoted, int most) {
        int limit = (int) Math.min(line.length(), (long) from + most);
        return quoted ? endOfQuoted(line, from, limit) : endOfBare(line, from, limit);
    }

    private static boolean isAboutIt(String line, int from) {
        String rest = line.substring(from, endOfName(line, from)).toLowerCase(Locale.ROOT);
        return !rest.isEmpty() && ABOUT.stream().anyMatch(rest::endsWith);
    }

    /** {@code completion_tokens=512}. */
    private static boolean isCount(String line, int nameFrom, int from, int to) {
        return line.startsWith("s", nameFrom)
                && endOfName(line, nameFrom) == nameFrom + 1
                && line.substring(from, to).chars().allMatch(Character::isDigit);
    }

    private static int endOfName(String line, int from) {
        int at = from;
        int limit = Math.min(line.length(), from + LONGEST_REST_OF_NAME);
        while (at < limit
                && (Character.isLetterOrDigit(line.charAt(at)) || line.charAt(at) == '_' || line.charAt(at) == '-')) {
            at++;
        }
        return at;
    }

    /** Index of the {@code =} or {@code :} behind the name that goes on at {@code from}, or of the {@code >} of an element of that name; or -1. */
    private static int separatorAfterName(String line, int from) {
        int at = endOfName(line, from);
        if (at < line.length() && line.charAt(at) == '>') {
            return isElement(line, at) ? at : -1;
        }
        at = skip(line, at, "\\", 3);
        at = skip(line, at, "\"'`", 1);
        at = skip(line, at, "]", 1);
        at = skip(line, at, " \t", 3);
        at = beforeValueOf(line, at);
        boolean separates = at < line.length() && (line.charAt(at) == '=' || line.charAt(at) == ':');
        boolean scope = separates && line.startsWith("::", at);
        boolean comparison = separates && line.startsWith("==", at);
        return separates && !scope && !comparison ? at : -1;
    }

    /** {@code <password>} or {@code <db:password>}, and not the end of one. */
    private static boolean isElement(String line, int end) {
        int at = end - 1;
        int least = Math.max(0, end - LONGEST_ELEMENT);
        while (at >= least && (Character.isLetterOrDigit(line.charAt(at)) || "_-.:".indexOf(line.charAt(at)) >= 0)) {
            at--;
        }
        return at >= least && line.charAt(at) == '<';
    }

    /** {@code "name": "DB_PASSWORD", "value": "…"} and {@code key="DbPassword" value="…"}: on to the separator of the value. */
    private static int beforeValueOf(String line, int from) {
        int at = skip(line, from, ",", 1);
        at = skip(line, at, " \t", 3);
        at = skip(line, at, "\\", 3);
        at = skip(line, at, "\"'", 1);
        if (!line.startsWith("value", at)) {
            return from;
        }
        at = skip(line, at + "value".length(), "\\", 3);
        at = skip(line, at, "\"'", 1);
        at = skip(line, at, " \t", 3);
        return at < line.length() && "=:".indexOf(line.charAt(at)) >= 0 ? at : from;
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
