package io.deployguard.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.doctor.Check;
import io.deployguard.doctor.Doctor;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Look;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import io.deployguard.ecs.RevisionChanges;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.evidence.LineCleaner;
import io.deployguard.evidence.Redactor;
import io.deployguard.notification.Cut;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the checks before a deployment found: problems first, what was not seen after the warnings. Nothing in it holds a secret. */
record DoctorPage(
        String subject, Optional<String> service, List<String> changes, String changedFrom, Doctor.Findings findings) {

    private static final int LONGEST = 400;

    DoctorPage {
        changes = List.copyOf(changes);
    }

    /** Of a file alone. */
    static DoctorPage of(Draft draft, Doctor.Findings findings) {
        return new DoctorPage(draft.name(), Optional.empty(), List.of(), "", findings);
    }

    /** Of a service, with what a file would change. */
    static DoctorPage of(Draft draft, Surroundings around, Doctor.Findings findings) {
        var running = around.running()
                .flatMap(look -> look instanceof Look.Seen<Draft>(var now) ? Optional.of(now) : Optional.empty());
        return new DoctorPage(
                draft.name(),
                Optional.of(around.service().ref().arn()),
                running.map(now -> RevisionChanges.between(now.definition(), draft.definition()))
                        .orElse(List.of()),
                running.map(Draft::name).orElse(""),
                findings);
    }

    List<String> lines() {
        var page = new ArrayList<String>();
        page.add("Task definition %s%s"
                .formatted(
                        subject,
                        service.map(arn -> " in service " + shortened(arn)).orElse("")));
        page.add("%s, %s, %d not checked, %d checks in order"
                .formatted(
                        counted(count(Result.Problem.class), "problem"),
                        counted(count(Result.Warning.class), "warning"),
                        count(Result.NotCheckable.class),
                        count(Result.Ok.class)));
        section(page, "Problems", Result.Problem.class);
        section(page, "Warnings", Result.Warning.class);
        notChecked(page);
        if (!changes.isEmpty()) {
            page.add("");
            page.add("Changes against " + changedFrom);
            changes.forEach(change -> page.add("  " + change));
        }
        if (!findings.leftOut().isEmpty()) {
            page.add("");
            page.add("%d checks need --cluster and --service: %s"
                    .formatted(
                            findings.leftOut().size(),
                            findings.leftOut().stream().map(Check::id).collect(Collectors.joining(", "))));
        }
        return page.stream().map(line -> Cut.to(LONGEST, clean(line))).toList();
    }

    ObjectNode json() {
        var json = DiagnosisJson.JSON.createObjectNode().put("taskDefinition", subject);
        json.put("service", service.orElse(null))
                .put("problems", count(Result.Problem.class))
                .put("warnings", count(Result.Warning.class))
                .put("notChecked", count(Result.NotCheckable.class));
        var results = json.putArray("results");
        for (var finding : findings.all()) {
            var entry = results.addObject().put("check", finding.check().id());
            switch (finding.result()) {
                case Result.Ok _ -> entry.put("result", "ok");
                case Result.Warning(var field, var fact, var advice) ->
                    entry.put("result", "warning")
                            .put("field", field)
                            .put("fact", clean(fact))
                            .put("advice", advice);
                case Result.Problem(var field, var fact, var advice) ->
                    entry.put("result", "problem")
                            .put("field", field)
                            .put("fact", clean(fact))
                            .put("advice", advice);
                case Result.NotCheckable(var field, var because) ->
                    entry.put("result", "not-checkable").put("field", field).put("fact", clean(because));
            }
            entry.put("source", finding.check().source());
        }
        var changed = json.putArray("changes");
        changes.stream().map(DoctorPage::clean).forEach(changed::add);
        var leftOut = json.putArray("leftOut");
        findings.leftOut().forEach(check -> leftOut.add(check.id()));
        return DiagnosisJson.harmless(json);
    }

    private void section(List<String> page, String title, Class<? extends Result> kind) {
        var found = findings.only(kind);
        if (!found.isEmpty()) {
            page.add("");
            page.add(title);
        }
        for (var finding : found) {
            switch (finding.result()) {
                case Result.Ok _, Result.NotCheckable _ -> {}
                case Result.Warning(var field, var fact, var advice) -> add(page, finding.check(), field, fact, advice);
                case Result.Problem(var field, var fact, var advice) -> add(page, finding.check(), field, fact, advice);
            }
        }
    }

    /** One missing permission may keep several checks from looking: each reason is told once. */
    private void notChecked(List<String> page) {
        var checks = new LinkedHashMap<String, Set<String>>();
        for (var finding : findings.all()) {
            if (finding.result() instanceof Result.NotCheckable unseen) {
                checks.computeIfAbsent(unseen.because(), _ -> new LinkedHashSet<>())
                        .add(finding.check().id());
            }
        }
        if (!checks.isEmpty()) {
            page.add("");
            page.add("Not checked");
        }
        checks.forEach((because, ids) -> {
            page.add("  " + String.join(", ", ids));
            page.add("    " + because);
        });
    }

    private static void add(List<String> page, Check check, String field, String fact, String advice) {
        page.add("  %s (%s)".formatted(field, check.id()));
        page.add("    " + fact);
        page.add("    Do: " + advice);
        page.add("    See: " + check.source());
    }

    private int count(Class<? extends Result> kind) {
        return findings.only(kind).size();
    }

    private static String counted(int number, String what) {
        return "%d %s%s".formatted(number, what, number == 1 ? "" : "s");
    }

    /** {@code shop/web in eu-central-1, account 123456789012} of a service's ARN. */
    private static String shortened(String arn) {
        return ServiceRef.findByArn(arn)
                .map(ref -> "%s in %s, account %s".formatted(ref, ref.region(), ref.account()))
                .orElse(arn);
    }

    private static String clean(String text) {
        return Redactor.standard().redact(LineCleaner.clean(text));
    }
}
