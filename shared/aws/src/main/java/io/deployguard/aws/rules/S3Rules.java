package io.deployguard.aws.rules;

import io.deployguard.aws.AwsClients;
import io.deployguard.aws.AwsFaults;
import io.deployguard.aws.Parallel;
import io.deployguard.aws.SignedCalls;
import io.deployguard.classification.RuleDocument;
import io.deployguard.classification.RuleLocation;
import io.deployguard.classification.RuleSource;
import io.deployguard.fault.GuardFault;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;

/**
 * Rules in the objects of a bucket: one call that lists, one for each document, all of these at once.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html">ListObjectsV2</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html">GetObject</a>
 */
final class S3Rules implements RuleSource {

    /** An incident waits for its diagnosis meanwhile. */
    private static final Duration LONGEST = Duration.ofSeconds(6);

    private static final Map<String, String> NO_QUERY = Map.of();

    private final RuleLocation.S3 place;
    private final SignedCalls s3;

    S3Rules(RuleLocation.S3 place, AwsClients clients) {
        this.place = place;
        this.s3 = clients.signed("s3");
    }

    @Override
    public String location() {
        return place.toString();
    }

    @Override
    public Reading read() {
        var listed = list();
        var documents = new ArrayList<RuleDocument>();
        var problems = new ArrayList<String>();
        var wanted = new ArrayList<String>();
        listed.forEach((key, bytes) -> {
            if (bytes <= MOST_BYTES) {
                wanted.add(key);
            } else {
                problems.add("%s: expected at most %d bytes, got %d".formatted(name(key), MOST_BYTES, bytes));
            }
        });
        var answers = Parallel.ask(
                wanted.stream().<Callable<SdkBytes>>map(key -> () -> get(key)).toList(), LONGEST);
        for (var index = 0; index < answers.size(); index++) {
            var name = name(wanted.get(index));
            switch (answers.get(index)) {
                case Parallel.Answer.Given<SdkBytes>(var bytes) -> {
                    try {
                        documents.add(new RuleDocument(
                                name,
                                StandardCharsets.UTF_8
                                        .newDecoder()
                                        .decode(bytes.asByteBuffer())
                                        .toString()));
                    } catch (CharacterCodingException notText) {
                        problems.add(name + ": expected UTF-8");
                    }
                }
                case Parallel.Answer.Refused<SdkBytes>(var fault)
                when !fault.isTransient() -> problems.add(name + ": " + fault.getMessage());
                // For this moment's sake no rule goes out of force: what was read before is better.
                case Parallel.Answer.Refused<SdkBytes>(var fault) -> throw fault;
            }
        }
        return new Reading(documents, problems);
    }

    private String name(String key) {
        return "s3://" + place.bucket() + "/" + key;
    }

    /** Size in bytes by key, in the order of the keys. */
    private Map<String, Long> list() {
        var answer = AwsFaults.ask(
                "s3:ListBucket",
                "bucket " + place.bucket(),
                () -> succeeded(s3.get(
                        "/" + place.bucket(), Map.of("list-type", "2", "prefix", place.prefix(), "max-keys", "1000"))));
        var found = new LinkedHashMap<String, Long>();
        for (var object : elements(answer, "Contents")) {
            var key = object.getOrDefault("Key", "");
            if (key.endsWith(".yaml")) {
                found.put(key, Long.parseLong(object.getOrDefault("Size", "0")));
            }
        }
        var truncated = elements(answer, "ListBucketResult").stream()
                .anyMatch(result -> result.getOrDefault("IsTruncated", "").equals("true"));
        if (truncated || found.size() > MOST_DOCUMENTS) {
            throw new GuardFault.Malformed(
                    "rules of %s: expected at most %d objects that end with .yaml, and 1000 in all"
                            .formatted(place, MOST_DOCUMENTS),
                    null);
        }
        if (found.isEmpty()) {
            throw new GuardFault.NotFound("rules of " + place + ": no object there ends with .yaml", null);
        }
        return found;
    }

    private SdkBytes get(String key) {
        return AwsFaults.ask(
                "s3:GetObject", name(key), () -> succeeded(s3.get("/" + place.bucket() + "/" + key, NO_QUERY)));
    }

    private SdkBytes succeeded(SignedCalls.Answer answer) {
        if (answer.status() == 200) {
            return answer.body();
        }
        var error = answer.body().asByteArrayUnsafe().length == 0
                ? Map.<String, String>of()
                : elements(answer.body(), "Error").stream().findFirst().orElse(Map.of());
        var elsewhere = answer.status() == 301
                || error.getOrDefault("Code", "").equals("AuthorizationHeaderMalformed")
                || error.getOrDefault("Code", "").equals("PermanentRedirect");
        throw AwsServiceException.builder()
                .statusCode(answer.status())
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(error.getOrDefault("Code", "status " + answer.status()))
                        .errorMessage(
                                elsewhere
                                        ? "the bucket must be in the guard's region, " + s3.region()
                                        : error.getOrDefault("Message", ""))
                        .build())
                .build();
    }

    /** The texts in the children of every element of that name, by the child's name. */
    private static List<Map<String, String>> elements(SdkBytes xml, String name) {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        var elements = new ArrayList<Map<String, String>>();
        try {
            var reader = factory.createXMLStreamReader(xml.asInputStream());
            Map<String, String> open = new LinkedHashMap<>();
            var depth = -1;
            var child = "";
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        if (depth >= 0) {
                            depth++;
                            child = depth == 1 ? reader.getLocalName() : child;
                        } else if (reader.getLocalName().equals(name)) {
                            depth = 0;
                            open = new LinkedHashMap<>();
                        }
                    }
                    case XMLStreamConstants.CHARACTERS -> {
                        if (depth == 1) {
                            open.merge(child, reader.getText(), String::concat);
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        if (depth == 0) {
                            elements.add(open);
                        }
                        depth = Math.max(-1, depth - 1);
                    }
                    default -> {}
                }
            }
            return elements;
        } catch (XMLStreamException malformed) {
            throw new GuardFault.Malformed("S3 answered something else than XML: " + malformed.getMessage(), malformed);
        }
    }
}
