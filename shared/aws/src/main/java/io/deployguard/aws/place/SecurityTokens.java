package io.deployguard.aws.place;

import io.deployguard.aws.AwsFaults;
import io.deployguard.aws.SignedCalls;
import io.deployguard.fault.GuardFault;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Takes roles of other accounts. One signed call instead of the SDK's client, as docs/decisions/0004 says. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AssumeRole</a>
 */
final class SecurityTokens {

    /** Longest policy that a session may be bound to, in characters. */
    static final int MOST_POLICY = 2_048;

    private final SignedCalls sts;

    /** @param sts calls of STS in the guard's own region, whose answers count in every region */
    SecurityTokens(SignedCalls sts) {
        this.sts = sts;
    }

    /** What a role may do, until then. */
    record Session(AwsSessionCredentials credentials, Instant expiresAt) {}

    /**
     * Takes a role.
     *
     * @param name of the session, which CloudTrail of the other account shows; at most 64 characters
     * @param policy beyond which the session may do nothing, whatever the role may; at most {@value #MOST_POLICY} characters
     * @param lasting 15 minutes to one hour, since a function's own credentials are those of a role already
     * @throws GuardFault.Denied when the role is not there, or does not trust the guard or its external id
     */
    Session assume(String roleArn, String externalId, String name, Optional<String> policy, Duration lasting) {
        var form = new LinkedHashMap<String, String>();
        form.put("Action", "AssumeRole");
        form.put("Version", "2011-06-15");
        form.put("RoleArn", roleArn);
        form.put("RoleSessionName", name);
        form.put("ExternalId", externalId);
        form.put("DurationSeconds", String.valueOf(lasting.toSeconds()));
        policy.ifPresent(text -> form.put("Policy", text));
        try {
            return AwsFaults.ask("sts:AssumeRole", "role " + roleArn, () -> session(roleArn, sts.post(form)));
        } catch (GuardFault.Denied denied) {
            throw new GuardFault.Denied(
                    "sts:AssumeRole for role %s: denied; deploy templates/spoke.yaml there with this guard's roles and external id"
                            .formatted(roleArn),
                    denied);
        }
    }

    private static Session session(String roleArn, SignedCalls.Answer answer) {
        var texts = texts(roleArn, answer);
        if (answer.status() != 200) {
            throw AwsServiceException.builder()
                    .statusCode(answer.status())
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode(texts.getOrDefault("Code", "status " + answer.status()))
                            .errorMessage(texts.getOrDefault("Message", ""))
                            .build())
                    .build();
        }
        try {
            return new Session(
                    AwsSessionCredentials.create(
                            require(texts, "AccessKeyId"),
                            require(texts, "SecretAccessKey"),
                            require(texts, "SessionToken")),
                    Instant.parse(require(texts, "Expiration")));
        } catch (DateTimeParseException unreadable) {
            throw new GuardFault.Malformed(
                    "sts:AssumeRole for role " + roleArn + ": Expiration is no time", unreadable);
        }
    }

    private static String require(Map<String, String> texts, String name) {
        return Optional.ofNullable(texts.get(name))
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new GuardFault.Malformed("sts:AssumeRole: the answer has no " + name, null));
    }

    /** The texts of an answer by the names of their elements, which occur once each. */
    private static Map<String, String> texts(String roleArn, SignedCalls.Answer answer) {
        var texts = new HashMap<String, String>();
        try {
            var factory = XMLInputFactory.newFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_COALESCING, true);
            var xml = factory.createXMLStreamReader(new StringReader(answer.text()));
            var element = "";
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> element = xml.getLocalName();
                    case XMLStreamConstants.CHARACTERS ->
                        texts.putIfAbsent(element, xml.getText().strip());
                    default -> {}
                }
            }
            return texts;
        } catch (XMLStreamException notXml) {
            if (answer.status() >= 500) {
                return texts;
            }
            throw new GuardFault.Malformed(
                    "sts:AssumeRole for role %s: answered %d without XML".formatted(roleArn, answer.status()), notXml);
        }
    }
}
