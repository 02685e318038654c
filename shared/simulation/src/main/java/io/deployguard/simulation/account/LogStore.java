package io.deployguard.simulation.account;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * CloudWatch Logs: groups, their streams, and events that can be read only some time after they were written.
 *
 * <p>A stream comes into being with the arrival of its first event, as it does behind the awslogs driver.
 */
public final class LogStore {
    /** A line as CloudWatch keeps it; {@code arrivedAt} is its ingestion time. */
    public record Event(Instant writtenAt, Instant arrivedAt, String message, String id) {}

    /** A stream and what can be read of it, oldest first. */
    public record Stream(String name, List<Event> events) {}

    private final Agenda agenda;
    private final Arns arns;
    private final Map<String, Map<String, List<Event>>> groups = new TreeMap<>();
    private Duration lag;
    private long sequence;

    LogStore(Agenda agenda, Arns arns, Duration lag) {
        this.agenda = agenda;
        this.arns = arns;
        this.lag = lag;
    }

    /** Lets what is written from now on arrive {@code delay} later. */
    public void arriveAfter(Duration delay) {
        agenda.exclusively(() -> lag = delay);
    }

    /** Makes sure that the group exists. */
    public void group(String name) {
        agenda.exclusively(() -> groups.computeIfAbsent(name, key -> new TreeMap<>()));
    }

    /** Writes a line now; group and stream come into being with it. */
    public void write(String group, String stream, String message) {
        agenda.exclusively(() -> {
            var now = agenda.now();
            groups.computeIfAbsent(group, key -> new TreeMap<>())
                    .computeIfAbsent(stream, key -> new ArrayList<>())
                    .add(new Event(now, now.plus(lag), message, "%056d".formatted(++sequence)));
        });
    }

    /** The names of the groups, in order. */
    public List<String> groups() {
        return agenda.exclusively(() -> List.copyOf(groups.keySet()));
    }

    public String arnOf(String group) {
        return arns.logGroup(group);
    }

    /**
     * The streams of a group from which something can be read now, by name.
     *
     * @throws AwsError ResourceNotFoundException when there is no such group
     */
    public List<Stream> streams(String group) {
        return agenda.exclusively(() -> require(group).entrySet().stream()
                .map(entry -> new Stream(entry.getKey(), arrived(entry.getValue(), agenda.now())))
                .filter(stream -> !stream.events().isEmpty())
                .toList());
    }

    /**
     * What can be read of one stream now, oldest first.
     *
     * @throws AwsError ResourceNotFoundException when there is no such group, or nothing of the stream has arrived
     */
    public List<Event> events(String group, String stream) {
        return eventsBy(agenda.now(), group, stream);
    }

    /**
     * What of all that is written by now can be read of one stream at that moment, oldest first: what somebody gets who waits until then.
     *
     * @throws AwsError ResourceNotFoundException when there is no such group, or nothing of the stream will have arrived
     */
    public List<Event> eventsBy(Instant moment, String group, String stream) {
        return agenda.exclusively(() -> {
            var events = arrived(require(group).getOrDefault(stream, List.of()), moment);
            if (events.isEmpty()) {
                throw AwsError.refused("ResourceNotFoundException", "The specified log stream does not exist.");
            }
            return events;
        });
    }

    /** Forgets what was written before that moment, as a retention policy does. */
    public void forgetBefore(Instant moment) {
        agenda.exclusively(() -> groups.values()
                .forEach(streams -> streams.values()
                        .removeIf(events -> events.getLast().writtenAt().isBefore(moment))));
    }

    private Map<String, List<Event>> require(String group) {
        return Optional.ofNullable(groups.get(group))
                .orElseThrow(
                        () -> AwsError.refused("ResourceNotFoundException", "The specified log group does not exist."));
    }

    private static List<Event> arrived(List<Event> events, Instant moment) {
        return events.stream()
                .filter(event -> !event.arrivedAt().isAfter(moment))
                .toList();
    }
}
