package io.deployguard.evidence;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells names and values that speak of secrets from those that do not. */
public final class SecretNames {

    private static final List<String> PARTS = List.of(
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
            "credential",
            "encryption_key",
            "encryptionkey",
            "signing_key",
            "signingkey",
            "master_key",
            "account_key",
            "accountkey",
            "shared_key",
            "app_key",
            "auth_key",
            "license_key",
            "salt",
            "cookie",
            "dsn",
            "database_url",
            "connection_string",
            "connectionstring");

    /** Words that stand where a value would, in messages about the setting. */
    private static final Set<String> PLACEHOLDERS = Set.of(
            "null",
            "none",
            "nil",
            "undefined",
            "true",
            "false",
            "missing",
            "required",
            "invalid",
            "empty",
            "unset",
            "string",
            "number",
            "object",
            "boolean",
            "optional",
            "default",
            "expired",
            "redacted",
            "filtered",
            "hidden",
            "masked",
            "removed",
            "not",
            "is",
            "must",
            "cannot",
            "unable",
            "failed",
            "error",
            "unknown",
            "value",
            "the",
            "a",
            "an",
            "no",
            "this",
            "your",
            "for",
            "in",
            "of",
            "unexpected",
            "changeme?",
            "unauthorized",
            "forbidden",
            "denied",
            "wrong",
            "incorrect",
            "malformed",
            "absent",
            "found",
            "set",
            "env",
            "process",
            "var",
            "field",
            "key",
            "type",
            "str",
            "bytes",
            "array",
            "list",
            "using",
            "with",
            "please",
            "has",
            "was",
            "should",
            "does",
            "authentication",
            "provided",
            "supplied",
            "disabled",
            "enabled",
            "rejected",
            "mismatch",
            "refresh",
            "bearer");

    private SecretNames() {}

    /** Whether a setting of this name holds a secret: {@code DB_PASSWORD} does, {@code DB_HOST} does not. */
    public static boolean saysSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return PARTS.stream().anyMatch(lower::contains);
    }

    /** Whether a value is a generated one rather than a word, host, path, URL without credentials, number or ARN. */
    static boolean looksRandom(String value) {
        if (value.length() < 16 || value.startsWith("arn:") || value.indexOf(' ') >= 0) {
            return false;
        }
        if (value.contains("://")) {
            return value.indexOf('@') > value.indexOf("://");
        }
        if (value.indexOf('/') == 0 || value.indexOf('.') >= 0) {
            return false;
        }
        return kindsOfCharacters(value) >= 3 || isLongHex(value);
    }

    /**
     * Whether a value changes so often between capitals, small letters and digits that no person wrote it: {@code projects/shop/secrets/Db1} is a
     * path, base64 with slashes in it is none.
     */
    static boolean looksGenerated(String value) {
        if (isLongHex(value)) {
            return true;
        }
        int kinds = 0;
        int changes = 0;
        int before = -1;
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            int kind = Character.isDigit(c) ? 0 : Character.isUpperCase(c) ? 1 : Character.isLowerCase(c) ? 2 : 3;
            kinds |= 1 << kind;
            changes += kind == before ? 0 : 1;
            before = kind;
        }
        return value.length() >= 20 && (kinds & 7) == 7 && changes * 3 >= value.length();
    }

    private static boolean isLongHex(String value) {
        return value.length() >= 32
                && value.chars().allMatch(c -> Character.digit(c, 16) >= 0)
                && value.chars().anyMatch(Character::isDigit)
                && value.chars().anyMatch(Character::isLetter);
    }

    private static int kindsOfCharacters(String value) {
        boolean lower = value.chars().anyMatch(c -> c >= 'a' && c <= 'z');
        boolean upper = value.chars().anyMatch(c -> c >= 'A' && c <= 'Z');
        boolean digit = value.chars().anyMatch(c -> c >= '0' && c <= '9');
        boolean other = value.chars().anyMatch(c -> "+=!#$%^&*".indexOf(c) >= 0);
        return (lower ? 1 : 0) + (upper ? 1 : 0) + (digit ? 1 : 0) + (other ? 1 : 0);
    }

    /** Whether what follows a secret's name and an equals sign or colon is a value rather than prose about the setting. */
    static boolean isValue(String line, int from, int to) {
        String value = line.substring(from, to);
        String lower = value.toLowerCase(Locale.ROOT);
        if (value.length() < 4
                || PLACEHOLDERS.contains(lower)
                || value.startsWith("***")
                || value.startsWith("${")
                || value.startsWith("$(")
                || value.startsWith("<")
                || value.startsWith("%{")
                || isMark(lower)
                || value.startsWith("process.env")
                || value.startsWith("os.environ")
                || lower.startsWith("arn:")
                || value.chars().allMatch(c -> c == 'x' || c == 'X' || c == '.' || c == '-' || c == '*')) {
            return false;
        }
        boolean quoted = from > 0 && (line.charAt(from - 1) == '"' || line.charAt(from - 1) == '\'');
        boolean assigned = assigned(line, from);
        if (quoted || assigned) {
            return !isReference(value);
        }
        boolean last = to >= line.length() || ",;&})]".indexOf(line.charAt(to)) >= 0 || restIsBlank(line, to);
        boolean unlikeAWord = value.chars().anyMatch(c -> Character.isDigit(c) || "!@#$%^&*+=".indexOf(c) >= 0);
        return (unlikeAWord || last) && !isReference(value) && !looksLikeCode(value);
    }

    /** {@code [FILTERED]}: somebody has taken the value out already. */
    private static boolean isMark(String lower) {
        return lower.startsWith("[redacted")
                || (lower.startsWith("[")
                        && lower.endsWith("]")
                        && lower.substring(1, lower.length() - 1).chars().allMatch(c -> c >= 'a' && c <= 'z'));
    }

    private static boolean restIsBlank(String line, int from) {
        return line.length() - from <= 40 && line.substring(from).isBlank();
    }

    /** An equals sign stands directly before the value. */
    private static boolean assigned(String line, int from) {
        int at = from - 1;
        while (at >= 0 && (line.charAt(at) == ' ' || line.charAt(at) == '"' || line.charAt(at) == '\'')) {
            at--;
        }
        return at >= 0 && line.charAt(at) == '=' && from - at <= 3;
    }

    /** Names of settings and paths of secrets are what a person looks for: {@code API_KEY}, {@code prod/orders/db}, {@code Foo::Bar}. */
    private static boolean isReference(String value) {
        boolean allCaps = value.chars().allMatch(c -> c == '_' || (c >= 'A' && c <= 'Z'));
        return (allCaps && value.indexOf('_') > 0) || value.contains("::") || value.endsWith("()");
    }

    private static boolean looksLikeCode(String value) {
        return value.indexOf('(') >= 0
                || (value.indexOf('/') >= 0 && !looksGenerated(value))
                || value.startsWith("@")
                || value.startsWith("-");
    }

    static boolean isTokenCharacter(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || "-_.~+/=%".indexOf(c) >= 0;
    }
}
