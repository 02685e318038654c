package io.deployguard.incident;

import io.deployguard.ecs.ServiceRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Many services of one account and region that began to fail together. People hear of all of them in one message, which takes the place of the
 * message of one of the incidents; the others stay silent as long as the storm lasts.
 *
 * @param leader the incident whose message tells of the storm
 * @param place account and region
 * @param beganAt when the first of them failed
 * @param lastAt when the last of them did
 * @param members oldest first, the leader among them, at most {@value #MOST_MEMBERS}
 * @param uncounted those that came after that many
 * @param endedAt when all of them were well again, or the storm had lasted long enough
 * @param revision grows by one with each change; a store refuses to overwrite a newer one
 */
public record Storm(
        UUID leader,
        String place,
        Instant beganAt,
        Instant lastAt,
        List<Member> members,
        int uncounted,
        Optional<Instant> endedAt,
        long revision) {

    static final int MOST_MEMBERS = 500;

    public Storm {
        members = List.copyOf(members);
    }

    /**
     * One incident of the storm.
     *
     * @param cause what was found, as far as something was
     * @param key the one concrete name that came with the cause
     * @param images of its containers, as the task definition names them
     * @param subnet in which a task of it failed
     * @param state where it stands: failing, healed …
     */
    public record Member(
            UUID incident,
            ServiceRef service,
            Optional<String> cause,
            Optional<String> key,
            List<String> images,
            Optional<String> subnet,
            State state) {

        public Member {
            images = List.copyOf(images);
        }
    }

    /** Where a member stands. */
    public enum State {
        /** It is open, and the message does not count it yet. */
        JOINED,
        /** It is open. */
        FAILING,
        /** It is over. */
        OVER
    }

    /** Account and region of a service, as one text. */
    public static String placeOf(ServiceRef service) {
        return service.place().toString();
    }

    public boolean isOver() {
        return endedAt.isPresent();
    }

    public boolean has(UUID incident) {
        return members.stream().anyMatch(member -> member.incident().equals(incident));
    }

    /** Whether the incident is told in this storm's message only: while the storm lasts, and afterwards when it has ended as well. */
    public boolean speaksFor(Incident incident) {
        return !incident.id().equals(leader) && has(incident.id()) && !(isOver() && incident.isOpen());
    }

    public long failing() {
        return members.stream().filter(member -> member.state() != State.OVER).count();
    }

    /** The same with one more, that began to fail then. */
    public Storm with(Member member, Instant at) {
        if (has(member.incident())) {
            return this;
        }
        var full = members.size() >= MOST_MEMBERS;
        var more = new ArrayList<>(members);
        if (!full) {
            more.add(member);
        }
        return new Storm(
                leader,
                place,
                beganAt,
                at.isAfter(lastAt) ? at : lastAt,
                more,
                full ? uncounted + 1 : uncounted,
                endedAt,
                revision + 1);
    }

    /** The same with what its members are by now; unchanged when nothing is new. */
    public Storm withMembers(List<Member> now) {
        return now.equals(members)
                ? this
                : new Storm(leader, place, beganAt, lastAt, now, uncounted, endedAt, revision + 1);
    }

    public Storm ended(Instant at) {
        return new Storm(leader, place, beganAt, lastAt, members, uncounted, Optional.of(at), revision + 1);
    }
}
