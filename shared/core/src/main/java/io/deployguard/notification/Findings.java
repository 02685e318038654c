package io.deployguard.notification;

import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.Diagnosis.Alternative;
import io.deployguard.classification.Diagnosis.Proof;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Decision;
import io.deployguard.decision.RollbackOutlook;
import io.deployguard.ecs.Accounts;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Situation;
import io.deployguard.notification.NoticeBlock.Excerpt;
import io.deployguard.notification.NoticeBlock.Fact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the guard found out: the cause, the facts around it and the lines that prove it. */
final class Findings {

    private static final Set<String> QUIET =
            Set.of(Incident.Sign.ALARM, Incident.Sign.UNREACHABLE, Incident.Sign.UNCHANGED);
    private static final int EXPLANATION = 500;
    private static final int REASON = 300;
    private static final int CHANGES = 5;
    private static final int CHANGE = 120;
    private static final int LINES = 8;
    private static final int SHORT_KEY = 40;
    private static final Pattern REDACTED = Pattern.compile("\\[redacted[^\\[\\]]{0,40}\\]");

    private final Incident incident;
    private final Accounts accounts;

    Findings(Incident incident, Accounts accounts) {
        this.incident = incident;
        this.accounts = accounts;
    }

    /** The cause in a few words, for headline and fallback. */
    String causeInShort() {
        return incident.diagnosis()
                .map(diagnosis -> switch (diagnosis) {
                    case Diagnosis.Identified identified ->
                        (identified.isOpen() ? "perhaps " : "") + Words.uncapitalized(identified.title());
                    case Diagnosis.Unknown _ -> "cause not known";
                })
                .orElse(isOver() ? "cause not known" : "looking for the cause");
    }

    /** The same with the one name that a person needs. */
    String causeWithKey() {
        var title = causeInShort();
        return incident.diagnosis()
                .filter(Diagnosis.Identified.class::isInstance)
                .flatMap(found -> ((Diagnosis.Identified) found).key())
                .filter(key -> !title.contains(key))
                .map(key -> "%s (%s)".formatted(title, Cut.to(SHORT_KEY, key)))
                .orElse(title);
    }

    /** The cause with its confidence and its runner-up. The headline carries the title already. */
    Optional<Prose> cause() {
        return incident.diagnosis().map(diagnosis -> switch (diagnosis) {
            case Diagnosis.Identified identified ->
                Prose.ofStrong("%s, %s sure: "
                                .formatted(
                                        identified.isOpen() ? "Cause guessed" : "Cause",
                                        Words.percent(identified.confidence())))
                        .text(explanation(identified))
                        .and(again())
                        .and(runnerUp(identified.alternatives()));
            case Diagnosis.Unknown unknown ->
                Prose.ofStrong("Cause not known: ")
                        .text(Words.sentence(Cut.toWord(EXPLANATION, unknown.explanation())))
                        .and(guesses(unknown.alternatives()));
        });
    }

    /** {@code Third time in 30 days, same cause; the last one began at …} */
    private Prose again() {
        return incident.situation()
                .flatMap(Situation::recurrence)
                .map(known -> Prose.ofStrong(
                                " %s time in %d days, same cause".formatted(Words.ordinal(known.times()), known.days()))
                        .text("; the last one began at ")
                        .time(known.last())
                        .text("."))
                .orElse(Prose.EMPTY);
    }

    private static String explanation(Diagnosis.Identified identified) {
        var told = identified.explanation().isBlank() ? identified.title() : identified.explanation();
        var missing = identified.key().filter(key -> !told.contains(key));
        return Words.sentence(Cut.toWord(EXPLANATION, told))
                + missing.map(key -> " It concerns %s.".formatted(Cut.to(CHANGE, key)))
                        .orElse("");
    }

    private static Prose runnerUp(List<Alternative> alternatives) {
        return alternatives.isEmpty()
                ? Prose.EMPTY
                : Prose.of(" Next best: ").and(guess(alternatives.getFirst())).text(".");
    }

    private static Prose guesses(List<Alternative> alternatives) {
        if (alternatives.isEmpty()) {
            return Prose.EMPTY;
        }
        var prose = Prose.of(" Closest guesses: ").and(guess(alternatives.getFirst()));
        for (var next : alternatives.stream().skip(1).limit(2).toList()) {
            prose = prose.text(", ").and(guess(next));
        }
        return prose.text(".");
    }

    private static Prose guess(Alternative alternative) {
        return Prose.EMPTY
                .code(Cut.to(60, alternative.cause().value()))
                .text(" " + Words.percent(alternative.confidence()));
    }

    /** At most seven, most urgent first. What is over is not told as if it were now. */
    List<Fact> facts() {
        var facts = new ArrayList<Fact>();
        noticed().ifPresent(facts::add);
        incident.situation().ifPresent(seen -> {
            if (!isOver()) {
                facts.add(new Fact("Serving users", serving(seen)));
            }
            facts.add(new Fact("Deployment", deployment(seen)));
            changed(seen).ifPresent(changed -> facts.add(new Fact("Changed", Prose.of(changed))));
        });
        if (!isOver()) {
            outlook().ifPresent(outlook -> facts.add(new Fact("Rollback", Prose.of(rollback(outlook)))));
            incident.decision().flatMap(this::why).ifPresent(facts::add);
        }
        facts.add(new Fact("Where and when", whereAndWhen()));
        return facts;
    }

    /** Stops and crash loops speak through their lines; what was noticed of a release whose tasks are well must be said. */
    private Optional<Fact> noticed() {
        return incident.signs().stream()
                .filter(sign -> QUIET.contains(sign.kind()))
                .findFirst()
                .map(sign -> new Fact("Noticed", Prose.of(Words.clause(Cut.toWord(REASON, sign.what())))));
    }

    private Prose serving(Situation seen) {
        var told = "";
        if (seen.desired() == 0) {
            told = "nothing, the service is scaled to 0 tasks";
        } else if (seen.servingOld() == 0 && seen.servingNew() == 0) {
            told = "nothing, 0 of %s healthy".formatted(Words.count(seen.desired(), "task"));
        } else if (seen.servingOld() == 0) {
            told = "%d of %s of the failing revision; no earlier task runs"
                    .formatted(seen.servingNew(), Words.count(seen.desired(), "task"));
        } else {
            told = "%s of earlier revisions; %d of %d new ones healthy"
                    .formatted(Words.count(seen.servingOld(), "task"), seen.servingNew(), seen.desired());
        }
        var prose = Prose.of(told);
        return incident.diagnosedAt()
                .map(at -> prose.text(" (as of ").time(at).text(")"))
                .orElse(prose);
    }

    private static Prose deployment(Situation seen) {
        var failing = Cut.to(CHANGE, Words.shortName(seen.failingTaskDefinitionArn()));
        return seen.healthyTaskDefinitionArn()
                .map(healthy -> Prose.EMPTY
                        .code(Cut.to(CHANGE, Words.shortName(healthy)))
                        .text(" → ")
                        .code(failing))
                .orElse(Prose.EMPTY.code(failing).text(", no earlier healthy revision is known"));
    }

    private static Optional<String> changed(Situation seen) {
        if (seen.changes().isEmpty()) {
            return seen.healthyTaskDefinitionArn().map(_ -> "nothing that the task definitions show");
        }
        var shown = seen.changes().stream()
                .limit(CHANGES)
                .map(change -> Cut.to(CHANGE, Words.clause(change)))
                .toList();
        var left = seen.changes().size() - shown.size();
        return Optional.of(String.join("; ", shown) + (left == 0 ? "" : "; and %d more".formatted(left)));
    }

    /** Whether a rollback helps, as the decision saw it. */
    Optional<RollbackOutlook> outlook() {
        return incident.decision().flatMap(decision -> switch (decision) {
            case Decision.Act act -> Optional.of(act.outlook());
            case Decision.Ask ask -> Optional.of(ask.outlook());
            case Decision.Advise advise -> Optional.of(advise.outlook());
            case Decision.Wait _, Decision.StandDown _ -> Optional.empty();
        });
    }

    private static String rollback(RollbackOutlook outlook) {
        var answer = switch (outlook.helps()) {
            case HELPS -> "would help: ";
            case DOES_NOT_HELP -> "would not help: ";
            case DEPENDS -> "may help: ";
        };
        return answer + Words.uncapitalized(Cut.toWord(REASON, outlook.because()));
    }

    /** The deciding rule, unless the outlook or the answer of a person has said the same already. */
    private Optional<Fact> why(Decision decision) {
        if (incident.approval().isPresent()) {
            return Optional.empty();
        }
        var label = switch (decision) {
            case Decision.Act _ -> "Why it acts";
            case Decision.Ask _, Decision.Advise _ -> "Why not more";
            case Decision.Wait _, Decision.StandDown _ -> "";
        };
        var because = Words.clause(decision.because());
        var saidAlready = label.isEmpty()
                || because.isEmpty()
                || (tellsMode(decision) && because.toLowerCase(Locale.ROOT).startsWith("mode "))
                || outlook()
                        .map(outlook -> Words.clause(outlook.because()).toLowerCase(Locale.ROOT))
                        .filter(said -> !(decision instanceof Decision.Act)
                                && !said.isEmpty()
                                && because.toLowerCase(Locale.ROOT).endsWith(said))
                        .isPresent();
        return saidAlready
                ? Optional.empty()
                : Optional.of(new Fact(label, Prose.of(Words.uncapitalized(Cut.toWord(REASON, because)))));
    }

    /** Whether the summary names the mode as what holds the guard back. */
    private static boolean tellsMode(Decision decision) {
        return switch (decision) {
            case Decision.Ask _ -> true;
            case Decision.Advise advise -> advise.wouldDo().isPresent();
            case Decision.Act _, Decision.Wait _, Decision.StandDown _ -> false;
        };
    }

    private boolean isOver() {
        return !incident.isOpen();
    }

    private Prose whereAndWhen() {
        var prose = Prose.of("%s, account %s, since "
                        .formatted(
                                incident.service().region(),
                                accounts.describe(incident.service().account())))
                .time(incident.openedAt());
        return incident.progress() instanceof Progress.Closed closed
                ? prose.text(", for " + Words.lasting(Duration.between(incident.openedAt(), closed.at())))
                : prose;
    }

    /** The decisive lines, by the place where they stood. */
    List<Excerpt> excerpts() {
        var proof = incident.diagnosis().map(Diagnosis::proof).orElse(List.of());
        var excerpts = new ArrayList<Excerpt>();
        var shown = proof.subList(0, Math.min(LINES, proof.size()));
        for (var from = 0; from < shown.size(); ) {
            var source = shown.get(from).source();
            var to = from + 1;
            while (to < shown.size() && shown.get(to).source().equals(source)) {
                to++;
            }
            var lines = repeatsCounted(
                    shown.subList(from, to).stream().map(Proof::text).toList());
            excerpts.add(new Excerpt(caption(source, lines), lines, to == shown.size() ? proof.size() - to : 0));
            from = to;
        }
        return excerpts;
    }

    /** A line that comes again at once is shown once, with the number of times. */
    private static List<String> repeatsCounted(List<String> lines) {
        var counted = new ArrayList<String>();
        for (var from = 0; from < lines.size(); ) {
            var to = from + 1;
            while (to < lines.size() && lines.get(to).equals(lines.get(from))) {
                to++;
            }
            counted.add(to - from == 1 ? lines.get(from) : "%s   (%d times)".formatted(lines.get(from), to - from));
            from = to;
        }
        return counted;
    }

    private String caption(String source, List<String> lines) {
        var task = incident.situation()
                .flatMap(Situation::failedTask)
                .filter(id -> !id.isBlank())
                .map(id -> ", task " + Words.shortTask(id))
                .orElse("");
        var place = source.startsWith("log ")
                ? "Log of container " + Cut.to(60, source.substring("log ".length())) + task
                : source.startsWith("container ")
                        ? "Stop reason of container " + Cut.to(60, source.substring("container ".length())) + task
                        : switch (source) {
                            case "stopped reason" -> "Stop reason" + task;
                            case "service event" -> "Service event";
                            case "target health" -> "Target health";
                            case "fact" -> "What the guard checked";
                            default -> Words.sentence(Cut.to(60, source)).replaceAll("\\.$", "") + task;
                        };
        var redacted = lines.stream()
                .mapToLong(line -> REDACTED.matcher(line).results().count())
                .sum();
        return redacted == 0 ? place : place + ", " + Words.count((int) redacted, "value") + " redacted";
    }

    /** What to expect of a rollback; nothing before there is a decision. */
    RollbackHelps rollbackHelps() {
        return outlook().map(RollbackOutlook::helps).orElse(RollbackHelps.DOES_NOT_HELP);
    }
}
