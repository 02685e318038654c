package io.deployguard.classification;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.deployguard.ecs.TaskDefinition.ContainerDefinition;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the application says that it listens, held against where it is expected. */
final class ListeningFacts implements Facts.Derivation {

    private static final Pattern LISTENS = Pattern.compile(
            "(?i)(?:listening|listens?|running|started|serving|ready|local:|uvicorn running|server (?:is )?up|bound)\\b[^\\n]{0,60}?"
                    + "(?:(?:https?|tcp)://)?(?P<host>\\[::1?\\]|\\[?::\\]?|\\*|localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|(?:port\\(?s?\\)?:? ?))?:?(?P<port>\\b[1-9]\\d{1,4})\\b");
    /** Many programs say localhost and listen everywhere; Kestrel means it. */
    private static final Pattern EXPLICIT = Pattern.compile("127\\.0\\.0\\.1|Now listening on: https?://localhost");

    private static final Pattern EXPECTED = Pattern.compile("\\(port (?P<port>\\d+)\\)");

    @Override
    public Set<String> names() {
        return Set.of("listens-on-another-port", "listens-on-loopback", "listens");
    }

    @Override
    public Stream<Fact> from(EvidenceBundle bundle) {
        var facts = new ArrayList<Fact>();
        Set<Integer> expected = expectedPorts(bundle);
        Set<Integer> heard = new TreeSet<>();
        Optional<Fact> loopback = Optional.empty();
        boolean everywhere = false;
        for (Evidence.LogLine log : StartLines.of(bundle)) {
            Optional<Matcher> match = listens(log.text());
            if (match.isPresent()) {
                int port = Integer.parseInt(match.get().group("port"));
                String host = Optional.ofNullable(match.get().group("host")).orElse("");
                heard.add(port);
                boolean local = host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]");
                if (local && loopback.isEmpty()) {
                    loopback = Optional.of(new Fact(
                            "listens-on-loopback", "port " + port + " on " + host + " only: " + shorten(log.text())));
                }
                everywhere |= host.equals("0.0.0.0") || host.contains("::]") || host.equals("::") || host.equals("*");
            }
        }
        if (!heard.isEmpty()) {
            facts.add(new Fact("listens", "port " + join(heard)));
        }
        boolean explicitLoopback =
                loopback.filter(fact -> EXPLICIT.matcher(fact.proof()).find()).isPresent();
        if (loopback.isPresent() && !everywhere && explicitLoopback) {
            facts.add(loopback.get());
        }
        if (!expected.isEmpty() && !heard.isEmpty() && heard.stream().noneMatch(expected::contains)) {
            facts.add(new Fact(
                    "listens-on-another-port",
                    "the application listens on port " + join(heard) + ", expected is " + join(expected)));
        }
        return facts.stream();
    }

    private static Optional<Matcher> listens(String line) {
        Matcher matcher = LISTENS.matcher(line);
        if (!matcher.find() || Integer.parseInt(matcher.group("port")) > 65_535) {
            return Optional.empty();
        }
        String host = matcher.group("host");
        // A number that follows no colon, host or "port" may be anything: milliseconds, a process.
        boolean told = host != null || line.charAt(matcher.start("port") - 1) == ':';
        return told ? Optional.of(matcher) : Optional.empty();
    }

    /** The container ports of the definition, and those the service's events name. */
    private static Set<Integer> expectedPorts(EvidenceBundle bundle) {
        var ports = new TreeSet<Integer>();
        bundle.first(Evidence.Definitions.class).stream()
                .flatMap(definitions -> definitions.failing().containers().stream())
                .map(ContainerDefinition::containerPorts)
                .forEach(ports::addAll);
        for (Evidence.ServiceMessage event : bundle.only(Evidence.ServiceMessage.class)) {
            Matcher matcher = EXPECTED.matcher(event.text());
            if (matcher.find()) {
                ports.add(Integer.valueOf(matcher.group("port")));
            }
        }
        return ports;
    }

    private static String join(Set<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String shorten(String line) {
        return line.length() > 160 ? line.substring(0, 160) + " …" : line;
    }
}
