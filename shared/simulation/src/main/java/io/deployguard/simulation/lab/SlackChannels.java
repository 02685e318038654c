package io.deployguard.simulation.lab;

import io.deployguard.simulation.lab.SlackMessage.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The channels of the workspace and their messages. Threads may share it. */
final class SlackChannels {
    /** The id of each channel by its name, without {@code #}. */
    private final Map<String, String> ids = new LinkedHashMap<>();

    private final List<SlackMessage> messages = new ArrayList<>();
    private long lastMicros;

    SlackChannels(List<String> names) {
        for (var name : names) {
            ids.put(name, "C%010d".formatted(ids.size() + 1));
        }
    }

    /** By id, or by name with or without {@code #}. */
    synchronized Optional<String> findId(String channel) {
        if (ids.containsValue(channel)) {
            return Optional.of(channel);
        }
        return Optional.ofNullable(ids.get(channel.startsWith("#") ? channel.substring(1) : channel));
    }

    synchronized SlackMessage add(String channelId, Optional<String> threadTs, String author, Revision revision) {
        var message = new SlackMessage(channelId, newTs(revision.at()), threadTs, author, List.of(revision));
        messages.add(message);
        return message;
    }

    /** Empty when the channel has no such message. */
    synchronized Optional<SlackMessage> edit(String channelId, String ts, Revision revision) {
        for (var i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            if (message.channel().equals(channelId) && message.ts().equals(ts)) {
                messages.set(i, message.edited(revision));
                return Optional.of(messages.get(i));
            }
        }
        return Optional.empty();
    }

    synchronized Optional<SlackMessage> find(String channelId, String ts) {
        return messages.stream()
                .filter(message ->
                        message.channel().equals(channelId) && message.ts().equals(ts))
                .findFirst();
    }

    /** In the order of posting. */
    synchronized List<SlackMessage> all() {
        return List.copyOf(messages);
    }

    /** Unique and rising, also when the clock stands still. */
    private String newTs(Instant now) {
        var micros = Math.max(lastMicros + 1, now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000);
        lastMicros = micros;
        return "%d.%06d".formatted(micros / 1_000_000, micros % 1_000_000);
    }
}
