package io.deployguard.incident;

import io.deployguard.classification.Remedy;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A request that a person agree to an action. It is open at first and ends exactly once; the store lets one end win. A grant holds until the
 * actor's fresh look: when the world has moved on by then, the request has ended as superseded, and still says who had agreed.
 */
public sealed interface Approval {

    /** What was asked. */
    Request request();

    /** Waits for an answer. */
    record Open(Request request) implements Approval {}

    /** A person agreed. */
    record Granted(Request request, Answer answer) implements Approval {}

    /** A person refused. */
    record Refused(Request request, Answer answer) implements Approval {}

    /** Nobody answered in time. */
    record Expired(Request request, Instant at) implements Approval {}

    /**
     * There was nothing left to agree to.
     *
     * @param grant that came when the world had moved on; absent when nobody had answered
     */
    record Superseded(Request request, Optional<Answer> grant, Instant at, String because) implements Approval {}

    /**
     * One request.
     *
     * @param until exclusive
     */
    record Request(UUID incident, Remedy.Automatic remedy, Instant askedAt, Instant until) {}

    /** What somebody answered, when, and why. */
    record Answer(Person by, Optional<String> reason, Instant at) {}

    /**
     * Who answered.
     *
     * @param name as people call them
     * @param identity what the place vouches for, such as the ARN that AWS STS names; absent where there is none
     * @param via where the answer was given, such as {@code command line}
     */
    record Person(String name, Optional<String> identity, String via) {}

    /** Whether an answer would still count. */
    default boolean isOpen() {
        return this instanceof Open;
    }

    /** The same with nothing left to agree to; unchanged when it has ended otherwise. */
    default Approval overtaken(String because, Instant at) {
        return switch (this) {
            case Open(var request) -> new Superseded(request, Optional.empty(), at, because);
            case Granted(var request, var answer) -> new Superseded(request, Optional.of(answer), at, because);
            case Refused _, Expired _, Superseded _ -> this;
        };
    }
}
