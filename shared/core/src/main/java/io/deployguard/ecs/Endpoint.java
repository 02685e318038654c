package io.deployguard.ecs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where users reach a service, as its tags say, and what a good answer is. Tasks and targets can be healthy while nobody reaches them: only a
 * request from outside tells.
 *
 * @param secure whether TLS is spoken
 * @param host of the address, sent as the {@code Host} header
 * @param path begins with a slash
 * @param statuses that are good; empty means any below 400
 * @param body a text that a good answer contains
 * @param via where to connect instead of {@code host}, the load balancer's own name for instance
 */
public record Endpoint(
        boolean secure,
        String host,
        int port,
        String path,
        List<Integer> statuses,
        Optional<String> body,
        Optional<Via> via) {

    /** {@code https://api.example.com/health}: without it the guard asks nobody. */
    public static final String TAG = "deploy-guard:endpoint";

    /** {@code 200 204}, separated by blanks. */
    public static final String STATUS_TAG = "deploy-guard:endpoint-status";

    /** A text that the answer contains. */
    public static final String BODY_TAG = "deploy-guard:endpoint-body";

    /** {@code host} or {@code host:port} to connect to. */
    public static final String VIA_TAG = "deploy-guard:endpoint-via";

    /** The characters that a tag of ECS may hold and a path needs. */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?<scheme>https?)://(?<host>[A-Za-z0-9.-]+)(?::(?<port>\\d{1,5}))?(?<path>/[A-Za-z0-9._~/@:+=-]*)?");

    private static final Pattern PLACE = Pattern.compile("(?<host>[A-Za-z0-9.-]+)(?::(?<port>\\d{1,5}))?");

    public Endpoint {
        statuses = List.copyOf(statuses);
    }

    /** Where to connect. */
    public record Via(String host, int port) {}

    /**
     * The endpoint that a service's tags name; absent when they name none.
     *
     * @throws IllegalArgumentException naming the tag and what is expected there
     */
    public static Optional<Endpoint> of(Map<String, String> tags) {
        return Optional.ofNullable(tags.get(TAG)).map(text -> read(text.strip(), tags));
    }

    private static Endpoint read(String text, Map<String, String> tags) {
        var address = ADDRESS.matcher(text);
        if (!address.matches()) {
            throw wrong(TAG, "http:// or https:// with a host and an optional port and path");
        }
        var secure = address.group("scheme").equals("https");
        var port = port(TAG, address.group("port"), secure ? 443 : 80);
        return new Endpoint(
                secure,
                address.group("host"),
                port,
                Optional.ofNullable(address.group("path")).orElse("/"),
                statuses(Optional.ofNullable(tags.get(STATUS_TAG)).orElse("").strip()),
                Optional.ofNullable(tags.get(BODY_TAG)).filter(wanted -> !wanted.isBlank()),
                Optional.ofNullable(tags.get(VIA_TAG)).map(place -> via(place.strip(), port)));
    }

    private static List<Integer> statuses(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        return List.of(text.split(" +", -1)).stream()
                .map(status -> {
                    if (!status.matches("[1-5]\\d\\d")) {
                        throw wrong(STATUS_TAG, "HTTP statuses separated by blanks, as in 200 204");
                    }
                    return Integer.valueOf(status);
                })
                .toList();
    }

    private static Via via(String text, int port) {
        var place = PLACE.matcher(text);
        if (!place.matches()) {
            throw wrong(VIA_TAG, "a host name or address with an optional port");
        }
        return new Via(place.group("host"), port(VIA_TAG, place.group("port"), port));
    }

    private static int port(String tag, @org.jspecify.annotations.Nullable String digits, int otherwise) {
        var port = digits == null ? otherwise : Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw wrong(tag, "a port from 1 to 65535");
        }
        return port;
    }

    /** The text itself is not repeated: nothing that stands in a tag is shown before it has a shape. */
    private static IllegalArgumentException wrong(String tag, String expected) {
        return new IllegalArgumentException("tag " + tag + ": expected " + expected);
    }

    /** {@code https://api.example.com/health}. */
    public String url() {
        var usual = port == (secure ? 443 : 80);
        return "%s://%s%s%s".formatted(secure ? "https" : "http", host, usual ? "" : ":" + port, path);
    }

    /** What is wrong with an answer, in one clause; absent when nothing is. */
    public Optional<String> complaint(EndpointAnswer answer) {
        return switch (answer) {
            case EndpointAnswer.None(var because) -> Optional.of(url() + " does not answer: " + because);
            case EndpointAnswer.Given given
            when !isGood(given.status()) ->
                Optional.of(
                        "%s answers %d%s, expected %s".formatted(url(), given.status(), given.from(), expectation()));
            case EndpointAnswer.Given given
            when body.filter(wanted -> !given.body().contains(wanted)).isPresent() ->
                Optional.of("%s answers %d without the text \"%s\"".formatted(url(), given.status(), body.get()));
            case EndpointAnswer.Given _ -> Optional.empty();
        };
    }

    private boolean isGood(int status) {
        return statuses.isEmpty() ? status < 400 : statuses.contains(status);
    }

    private String expectation() {
        return statuses.isEmpty()
                ? "a status below 400"
                : String.join(" or ", statuses.stream().map(String::valueOf).toList());
    }
}
