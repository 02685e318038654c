package io.deployguard.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What stands in place of a password where IAM decides who may log in: a signed request that is never sent, without its scheme. Made without any
 * call; good for 15 minutes, for the login alone.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create a signed request</a>
 * @see <a href="https://docs.aws.amazon.com/aurora-dsql/latest/userguide/SECTION_authentication-token.html">Tokens of Aurora DSQL</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html">Tokens of RDS</a>
 */
final class IamToken {

    private static final Duration GOOD_FOR = Duration.ofMinutes(15);
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private IamToken() {}

    /**
     * Signs a login.
     *
     * @param service for which it is signed, {@code dsql} or {@code rds-db}
     * @param authority host, with the port where the service wants it
     * @param query what is asked for
     */
    static String sign(
            String service, String authority, String region, Map<String, String> query, AwsKeys keys, Instant now) {
        var moment = MOMENT.format(now);
        var day = moment.substring(0, 8);
        var scope = String.join("/", day, region, service, "aws4_request");
        var all = new TreeMap<>(query);
        all.put("X-Amz-Algorithm", ALGORITHM);
        all.put("X-Amz-Credential", keys.accessKeyId() + "/" + scope);
        all.put("X-Amz-Date", moment);
        all.put("X-Amz-Expires", String.valueOf(GOOD_FOR.toSeconds()));
        all.put("X-Amz-SignedHeaders", "host");
        keys.sessionToken().ifPresent(token -> all.put("X-Amz-Security-Token", token));
        var asked = all.entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
        var request = String.join("\n", "GET", "/", asked, "host:" + authority, "", "host", hash(""));
        var key = ("AWS4" + keys.secretAccessKey()).getBytes(UTF_8);
        for (var part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        var signature = HexFormat.of().formatHex(hmac(key, String.join("\n", ALGORITHM, moment, scope, hash(request))));
        return authority + "/?" + asked + "&X-Amz-Signature=" + signature;
    }

    /** As RFC 3986 has it. */
    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA256", impossible);
        }
    }
}
