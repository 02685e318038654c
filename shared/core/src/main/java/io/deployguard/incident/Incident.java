package io.deployguard.incident;

import io.deployguard.classification.CauseId;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Decision;
import io.deployguard.decision.Grounds;
import io.deployguard.decision.Ruling;
import io.deployguard.detection.Detection;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.evidence.Cleaning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One failing revision of one service, from the first sign to the end. Everything a message says is a function of this record.
 *
 * @param deployment the revision that fails
 * @param signs what was detected, oldest first; the same sign is kept once
 * @param decision absent until there is a diagnosis
 * @param grounds what the decision rests on
 * @param approval the request for a person's consent, when one was asked
 * @param undelivered what a channel refused, the newest reason of each
 * @param revision grows by one with each change; a store refuses to overwrite a newer one
 */
public record Incident(
        UUID id,
        ServiceRef service,
        DeploymentId deployment,
        Progress progress,
        Instant openedAt,
        Instant changedAt,
        List<Sign> signs,
        Optional<Diagnosis> diagnosis,
        Optional<Instant> diagnosedAt,
        Optional<Decision> decision,
        Optional<Grounds> grounds,
        Optional<Situation> situation,
        Optional<Approval> approval,
        List<Undelivered> undelivered,
        long revision) {

    /** Signs kept, the newest ones; the first always stays. */
    private static final int MAX_SIGNS = 50;

    public Incident {
        signs = List.copyOf(signs);
        undelivered = List.copyOf(undelivered);
    }

    /** A new incident of a sign. */
    public static Incident open(UUID id, ServiceRef service, DeploymentId deployment, Progress progress, Sign sign) {
        return new Incident(
                id,
                service,
                deployment,
                progress,
                sign.at(),
                sign.at(),
                List.of(sign),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                1);
    }

    /** Whether people know of it. A suspicion that did not come true is never told. */
    public boolean isTold() {
        return switch (progress) {
            case Progress.Suspected _, Progress.Dismissed _ -> false;
            case Progress.Investigating _,
                    Progress.Advised _,
                    Progress.Planned _,
                    Progress.Verifying _,
                    Progress.Closed _ -> true;
        };
    }

    /** Whether the revision itself is suspected: one that nobody reaches, or that is the same as before, may still be a good one. */
    public boolean isAgainstRevision() {
        return signs.stream()
                .anyMatch(sign -> !sign.kind().equals(Sign.UNREACHABLE)
                        && !sign.kind().equals(Sign.UNCHANGED)
                        && !sign.kind().equals(Sign.ALARM_OVER));
    }

    /** Whether it has such a sign. */
    public boolean hasSign(String kind) {
        return signs.stream().anyMatch(sign -> sign.kind().equals(kind));
    }

    /** Whether the guard has done all that it meant to. */
    public boolean hasActed() {
        return switch (progress) {
            case Progress.Verifying _ -> true;
            case Progress.Closed closed ->
                closed.outcome() == Progress.Outcome.HEALED || closed.outcome() == Progress.Outcome.NOT_HEALED;
            case Progress.Suspected _,
                    Progress.Dismissed _,
                    Progress.Investigating _,
                    Progress.Advised _,
                    Progress.Planned _ -> false;
        };
    }

    /** Whether the guard took a first step and not the last one. */
    public boolean isBegunOnly() {
        return grounds.filter(decided -> decided.rule().equals(Ruling.BEGUN_NOT_COMPLETED))
                .isPresent();
    }

    public boolean isOpen() {
        return switch (progress) {
            case Progress.Closed _, Progress.Dismissed _ -> false;
            case Progress.Suspected _,
                    Progress.Investigating _,
                    Progress.Advised _,
                    Progress.Planned _,
                    Progress.Verifying _ -> true;
        };
    }

    /** The same at another stage. What ends takes its open request for approval with it. */
    public Incident withProgress(Progress next, Instant now) {
        return new Incident(
                id,
                service,
                deployment,
                next,
                openedAt,
                now,
                signs,
                diagnosis,
                diagnosedAt,
                decision,
                grounds,
                situation,
                next instanceof Progress.Closed closed
                        ? approval.map(asked -> asked.isOpen() ? asked.overtaken(closed.because(), now) : asked)
                        : approval,
                undelivered,
                revision + 1);
    }

    /** The same incident when neither the sign nor the progress is new. */
    public Incident withSign(Sign sign, Progress next, Instant now) {
        var known = signs.stream().anyMatch(earlier -> earlier.isSame(sign));
        if (known && next.equals(progress)) {
            return this;
        }
        return new Incident(
                id,
                service,
                deployment,
                next,
                openedAt,
                now,
                known ? signs : append(sign),
                diagnosis,
                diagnosedAt,
                decision,
                grounds,
                situation,
                approval,
                undelivered,
                revision + 1);
    }

    private List<Sign> append(Sign sign) {
        var more = new ArrayList<>(signs);
        if (more.size() == MAX_SIGNS) {
            more.remove(1);
        }
        more.add(sign);
        return more;
    }

    /** The same with another decision, as when the time to act has come and it must not be done any more. */
    public Incident withDecision(Ruling ruling, Progress next, Instant now) {
        return withDecision(ruling, approval, next, now);
    }

    /** The same with another decision and what became of the request for approval. */
    public Incident withDecision(Ruling ruling, Optional<Approval> answered, Progress next, Instant now) {
        return new Incident(
                id,
                service,
                deployment,
                next,
                openedAt,
                now,
                signs,
                diagnosis,
                diagnosedAt,
                Optional.of(ruling.decision()),
                Optional.of(ruling.grounds()),
                situation,
                answered,
                undelivered,
                revision + 1);
    }

    /**
     * The same with what a look found. A decision to ask that people hear of opens the request. The pipeline's deployment stays the one that was
     * found first: the next release renames it in the service's tags.
     */
    public Incident withFindings(Diagnosis found, Ruling ruling, Situation seen, Progress next, Instant now) {
        return new Incident(
                id,
                service,
                deployment,
                next,
                openedAt,
                now,
                signs,
                Optional.of(found),
                Optional.of(now),
                Optional.of(ruling.decision()),
                Optional.of(ruling.grounds()),
                Optional.of(seen.withGithub(situation.flatMap(Situation::github).or(seen::github))),
                approval.or(() -> asked(ruling.decision(), next, now)),
                undelivered,
                revision + 1);
    }

    /** The same revision with what the guard remembers of the service; unchanged while nothing was seen. */
    public Incident withRecurrence(Optional<Recurrence> known) {
        return new Incident(
                id,
                service,
                deployment,
                progress,
                openedAt,
                changedAt,
                signs,
                diagnosis,
                diagnosedAt,
                decision,
                grounds,
                situation.map(seen -> seen.withRecurrence(known)),
                approval,
                undelivered,
                revision);
    }

    private Optional<Approval> asked(Decision decided, Progress next, Instant now) {
        return decided instanceof Decision.Ask ask && next instanceof Progress.Advised
                ? Optional.of(new Approval.Open(new Approval.Request(id, ask.remedy(), now, ask.until())))
                : Optional.empty();
    }

    /** The same when nothing could be seen of the service, and people must hear that. */
    public Incident withoutSight(Diagnosis.Unknown found, Ruling ruling, Progress next, Instant now) {
        return new Incident(
                id,
                service,
                deployment,
                next,
                openedAt,
                now,
                signs,
                Optional.of(found),
                Optional.of(now),
                Optional.of(ruling.decision()),
                Optional.of(ruling.grounds()),
                Optional.empty(),
                approval,
                undelivered,
                revision + 1);
    }

    /** The same when a channel refuses to show it; unchanged when that is known. */
    public Incident withUndelivered(String channel, String because, Instant now) {
        if (undelivered.stream().anyMatch(known -> known.isSame(channel, because))) {
            return this;
        }
        var others = undelivered.stream().filter(known -> !known.channel().equals(channel));
        return new Incident(
                id,
                service,
                deployment,
                progress,
                openedAt,
                now,
                signs,
                diagnosis,
                diagnosedAt,
                decision,
                grounds,
                situation,
                approval,
                Stream.concat(others, Stream.of(new Undelivered(channel, now, because)))
                        .toList(),
                revision + 1);
    }

    /** The cause, once it is known. */
    public Optional<CauseId> cause() {
        return diagnosis
                .filter(Diagnosis.Identified.class::isInstance)
                .map(found -> ((Diagnosis.Identified) found).cause());
    }

    /** When the newest sign was seen; signs arrive in any order. */
    public Instant lastSignAt() {
        return signs.stream().map(Sign::at).max(Instant::compareTo).orElse(openedAt);
    }

    /** A channel that refused to show the incident as it was then; it is tried again with the next change. */
    public record Undelivered(String channel, Instant at, String because) {

        boolean isSame(String other, String reason) {
            return channel.equals(other) && because.equals(reason);
        }
    }

    /**
     * Something that was detected.
     *
     * @param kind of detection, such as {@code restart-loop}
     * @param what in one sentence
     * @param subject what it is about beside the deployment: the name of an alarm
     */
    public record Sign(String kind, Instant at, String what, Optional<String> subject) {

        /** The endpoint answers wrongly. */
        public static final String UNREACHABLE = "unreachable-endpoint";

        /** The release is the one before. */
        public static final String UNCHANGED = "unchanged-image";

        /** An alarm went off. */
        public static final String ALARM = "alarm";

        /** An alarm that had gone off is quiet again. */
        public static final String ALARM_OVER = "alarm-over";

        private static final Pattern ALARM_IN_WORDS = Pattern.compile("alarm (.+?) (?:went off.*|is over)");

        /** Signs of alarms that were stored before they had a subject name it in their sentence. */
        public Sign {
            if (subject.isEmpty() && (kind.equals(ALARM) || kind.equals(ALARM_OVER))) {
                var words = ALARM_IN_WORDS.matcher(what);
                subject = words.matches() ? Optional.of(words.group(1)) : subject;
            }
        }

        /** A sign that is about its deployment alone. */
        public Sign(String kind, Instant at, String what) {
            this(kind, at, what, Optional.empty());
        }

        /** The sign that a detection is, clean: alarms and schedulers say what others wrote. */
        public static Sign of(Detection detection) {
            var kind = switch (detection) {
                case Detection.SuspiciousStop _ -> "suspicious-stop";
                case Detection.RestartLoop _ -> "restart-loop";
                case Detection.FailedDeployment _ -> "failed-deployment";
                case Detection.ImpairedStart _ -> "impaired-start";
                case Detection.UnreachableEndpoint _ -> UNREACHABLE;
                case Detection.UnchangedImage _ -> UNCHANGED;
                case Detection.Alarm _ -> ALARM;
                case Detection.Silence _ -> "silence";
            };
            var subject = detection instanceof Detection.Alarm alarm
                    ? Optional.of(Cleaning.of(alarm.alarm()))
                    : Optional.<String>empty();
            return new Sign(kind, detection.at(), Cleaning.of(detection.because()), subject);
        }

        /** An alarm that had gone off is quiet again. */
        public static Sign ofAlarmOver(String alarm, Instant at) {
            var name = Cleaning.of(alarm);
            return new Sign(ALARM_OVER, at, "alarm %s is over".formatted(name), Optional.of(name));
        }

        /** Whether this is an alarm, and the other its end. */
        public boolean isEndedBy(Sign other) {
            return kind.equals(ALARM)
                    && other.kind.equals(ALARM_OVER)
                    && subject.isPresent()
                    && subject.equals(other.subject)
                    && other.at.isAfter(at);
        }

        /** Whether ECS itself said that the deployment failed. */
        public boolean isEcsOwnVerdict() {
            return kind.equals("failed-deployment");
        }

        boolean isSame(Sign other) {
            return kind.equals(other.kind) && what.equals(other.what);
        }
    }
}
