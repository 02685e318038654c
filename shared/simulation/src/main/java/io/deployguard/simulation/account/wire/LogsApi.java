package io.deployguard.simulation.account.wire;

import static io.deployguard.simulation.account.wire.Action.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.LogStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The actions of CloudWatch Logs that the endpoint serves. Times are milliseconds, as in that API. */
final class LogsApi {
    private static final int MOST_EVENTS = 10_000;

    private final LogStore logs;

    private LogsApi(LogStore logs) {
        this.logs = logs;
    }

    static List<Action> of(LogStore logs) {
        var api = new LogsApi(logs);
        return List.of(
                read(
                        "logs",
                        "GetLogEvents",
                        "logGroupName logStreamName startTime endTime nextToken limit startFromHead",
                        api::getLogEvents),
                read(
                        "logs",
                        "FilterLogEvents",
                        "logGroupName logStreamNames logStreamNamePrefix startTime endTime nextToken limit",
                        api::filterLogEvents),
                read(
                        "logs",
                        "DescribeLogStreams",
                        "logGroupName logStreamNamePrefix orderBy descending nextToken limit",
                        api::describeLogStreams),
                read("logs", "DescribeLogGroups", "logGroupNamePrefix nextToken limit", api::describeLogGroups));
    }

    /** One stream, the newest page first unless told otherwise; the end of the interval is exclusive. */
    private ObjectNode getLogEvents(ObjectNode request) {
        var from = request.path("startTime").asLong(Long.MIN_VALUE);
        var to = request.path("endTime").asLong(Long.MAX_VALUE);
        var events = logs.events(required(request, "logGroupName"), required(request, "logStreamName")).stream()
                .filter(event -> event.writtenAt().toEpochMilli() >= from
                        && event.writtenAt().toEpochMilli() < to)
                .toList();
        var limit = limit(request);
        var fromHead = request.path("startFromHead").asBoolean(false);
        var token = Json.text(request, "nextToken");
        int first;
        int end;
        if (token.isEmpty()) {
            first = fromHead ? 0 : Math.max(0, events.size() - limit);
            end = fromHead ? Math.min(limit, events.size()) : events.size();
        } else if (token.get().startsWith("f/")) {
            if (!fromHead) {
                throw AwsError.invalid("startFromHead must be true with a nextForwardToken.");
            }
            first = Math.min(position(token.get()), events.size());
            end = Math.min(first + limit, events.size());
        } else {
            end = Math.min(position(token.get()), events.size());
            first = Math.max(0, end - limit);
        }
        var answer = Json.object();
        var page = answer.putArray("events");
        events.subList(first, end).forEach(event -> page.add(describe(event)));
        // The token of the end is the one that was sent: that is how a reader notices the end.
        return answer.put("nextForwardToken", "f/" + end).put("nextBackwardToken", "b/" + first);
    }

    /** Several streams, by time; the end of the interval is inclusive. */
    private ObjectNode filterLogEvents(ObjectNode request) {
        var names = Json.textsIn(request, "logStreamNames");
        var prefix = Json.text(request, "logStreamNamePrefix");
        if (!names.isEmpty() && prefix.isPresent()) {
            throw AwsError.invalid("logStreamNames and logStreamNamePrefix exclude each other.");
        }
        var from = request.path("startTime").asLong(Long.MIN_VALUE);
        var to = request.path("endTime").asLong(Long.MAX_VALUE);
        var found = new ArrayList<ObjectNode>();
        logs.streams(required(request, "logGroupName")).stream()
                .filter(stream -> names.isEmpty() || names.contains(stream.name()))
                .filter(stream -> stream.name().startsWith(prefix.orElse("")))
                .forEach(stream -> stream.events().stream()
                        .filter(event -> event.writtenAt().toEpochMilli() >= from
                                && event.writtenAt().toEpochMilli() <= to)
                        .forEach(event -> found.add(describe(event)
                                .put("logStreamName", stream.name())
                                .put("eventId", event.id()))));
        found.sort(Comparator.comparingLong(
                        (ObjectNode event) -> event.path("timestamp").asLong())
                .thenComparing(event -> event.path("eventId").asText()));
        return page(request, "events", found, limit(request));
    }

    private ObjectNode describeLogStreams(ObjectNode request) {
        var prefix = Json.text(request, "logStreamNamePrefix").orElse("");
        var streams = new ArrayList<>(logs.streams(required(request, "logGroupName")).stream()
                .filter(stream -> stream.name().startsWith(prefix))
                .map(LogsApi::describe)
                .toList());
        if (request.path("orderBy").asText().equals("LastEventTime")) {
            streams.sort(Comparator.comparingLong(
                    stream -> stream.path("lastEventTimestamp").asLong()));
        }
        var descending = request.path("descending").asBoolean(false);
        return page(
                request,
                "logStreams",
                descending ? streams.reversed() : streams,
                request.path("limit").asInt(50));
    }

    private ObjectNode describeLogGroups(ObjectNode request) {
        var prefix = Json.text(request, "logGroupNamePrefix").orElse("");
        var groups = logs.groups().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> Json.object()
                        .put("logGroupName", name)
                        .put("arn", logs.arnOf(name) + ":*")
                        .put("logGroupArn", logs.arnOf(name)))
                .toList();
        return page(request, "logGroups", groups, request.path("limit").asInt(50));
    }

    private static ObjectNode page(ObjectNode request, String field, List<ObjectNode> all, int size) {
        var from =
                Math.min(Json.text(request, "nextToken").map(LogsApi::position).orElse(0), all.size());
        var to = Math.min(from + size, all.size());
        var answer = Json.object();
        answer.putArray(field).addAll(all.subList(from, to));
        return to < all.size() ? answer.put("nextToken", "n/" + to) : answer;
    }

    private static ObjectNode describe(LogStore.Event event) {
        return Json.object()
                .put("timestamp", event.writtenAt().toEpochMilli())
                .put("message", event.message())
                .put("ingestionTime", event.arrivedAt().toEpochMilli());
    }

    private static ObjectNode describe(LogStore.Stream stream) {
        var first = stream.events().getFirst();
        var last = stream.events().getLast();
        return Json.object()
                .put("logStreamName", stream.name())
                .put("creationTime", first.arrivedAt().toEpochMilli())
                .put("firstEventTimestamp", first.writtenAt().toEpochMilli())
                .put("lastEventTimestamp", last.writtenAt().toEpochMilli())
                .put("lastIngestionTime", last.arrivedAt().toEpochMilli());
    }

    private static int limit(ObjectNode request) {
        var limit = request.path("limit").asInt(MOST_EVENTS);
        if (limit < 1 || limit > MOST_EVENTS) {
            throw AwsError.invalid("limit must be between 1 and %d.".formatted(MOST_EVENTS));
        }
        return limit;
    }

    private static int position(String token) {
        try {
            return Integer.parseInt(token.substring(2));
        } catch (IndexOutOfBoundsException | NumberFormatException unknown) {
            throw AwsError.invalid("The specified nextToken is invalid.");
        }
    }

    private static String required(ObjectNode request, String field) {
        return Optional.of(request.path(field).asText(""))
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> AwsError.invalid(field + " must not be empty."));
    }
}
