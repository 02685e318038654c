package io.deployguard.functions.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a received request once more, from AWS's description, as the other side does to find out who is asking.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create a signed request</a>
 */
final class SignatureCheck {

    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=[^/]+/(?<scope>[^,]+), SignedHeaders=(?<headers>[^,]+), Signature=(?<signature>[0-9a-f]{64})");

    private SignatureCheck() {}

    /** What the signature covers, and whether it is that of the secret key. */
    record Outcome(String scope, List<String> headers, boolean isGenuine) {}

    static Outcome of(AwsStub.Request request, String secretKey) throws GeneralSecurityException {
        var given = AUTHORIZATION.matcher(request.headers().getOrDefault("authorization", ""));
        if (!given.matches()) {
            throw new IllegalArgumentException("no signature in " + request.headers());
        }
        var scope = given.group("scope");
        var headers = given.group("headers");
        var canonical = new StringBuilder(request.method() + "\n" + request.path() + "\n\n");
        for (var header : headers.split(";", -1)) {
            canonical.append(header + ":" + request.headers().get(header) + "\n");
        }
        canonical.append("\n" + headers + "\n" + hash(request.body()));
        var toSign = String.join(
                "\n", "AWS4-HMAC-SHA256", request.headers().get("x-amz-date"), scope, hash(canonical.toString()));
        var key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (var part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return new Outcome(
                scope,
                List.of(headers.split(";", -1)),
                HexFormat.of().formatHex(hmac(key, toSign)).equals(given.group("signature")));
    }

    private static String hash(String text) throws GeneralSecurityException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
