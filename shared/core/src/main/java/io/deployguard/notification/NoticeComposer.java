package io.deployguard.notification;

import io.deployguard.classification.Diagnosis;
import io.deployguard.ecs.Accounts;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Situation;
import io.deployguard.notification.NoticeBlock.Evidence;
import io.deployguard.notification.NoticeBlock.Facts;
import io.deployguard.notification.NoticeBlock.Footer;
import io.deployguard.notification.NoticeBlock.Link;
import io.deployguard.notification.NoticeBlock.Links;
import io.deployguard.notification.NoticeBlock.Summary;
import io.deployguard.notification.NoticeBlock.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Says in words what an incident is: first whether somebody must act, then the cause, the facts, the proof, what to do, where to look, how it
 * went. A pure function of the incident, the same for every channel.
 *
 * <p>{@link Standing} knows the state, {@link Findings} the cause and the facts, {@link WhatToDo} the advice, {@link Story} the past.
 */
public final class NoticeComposer {

    private static final int HEADLINE = 120;
    private static final int FALLBACK_MIN = 60;
    private static final int FALLBACK_MAX = 250;
    private static final int GAPS = 3;
    private static final int GAP = 200;

    private NoticeComposer() {}

    /** The message as it should read now. Never throws, whatever texts the incident holds. */
    public static Notice compose(Incident incident) {
        return compose(incident, Accounts.OWN);
    }

    /** The same, with the account and region of the service in front where the guard looks after several. */
    public static Notice compose(Incident incident, Accounts accounts) {
        var standing = Standing.of(incident);
        var findings = new Findings(incident, accounts);
        var blocks = new ArrayList<NoticeBlock>();
        blocks.add(new Summary(standing.call(), standing.state(), findings.cause()));
        blocks.add(new Facts(findings.facts()));
        var excerpts = findings.excerpts();
        if (!excerpts.isEmpty()) {
            blocks.add(new Evidence(excerpts));
        }
        new WhatToDo(incident, standing.tone(), findings).advice().ifPresent(blocks::add);
        blocks.add(new Links(links(incident)));
        blocks.add(new Timeline(Story.of(incident)));
        blocks.add(new Footer(footer(incident)));
        return new Notice(
                incident.id(),
                incident.revision(),
                standing.tone(),
                fallback(incident, standing, findings, accounts),
                headline(incident, standing, findings, accounts),
                blocks,
                ReleaseStatus.of(incident));
    }

    private static String headline(Incident incident, Standing standing, Findings findings, Accounts accounts) {
        var kind = Words.kindOf(incident);
        var beginning = standing.prefix().isEmpty() ? kind : standing.prefix() + " – " + Words.uncapitalized(kind);
        return Cut.toWord(
                HEADLINE,
                "%s in %s: %s"
                        .formatted(beginning, Words.place(incident.service(), accounts), findings.causeInShort()));
    }

    /** The cause gives way when it gets too long: what the guard does and whether somebody must act stay whole. */
    private static String fallback(Incident incident, Standing standing, Findings findings, Accounts accounts) {
        var kind = Words.kindOf(incident);
        var beginning = "%s in %s: "
                .formatted(
                        standing.prefix().isEmpty() ? kind : standing.prefix() + " – " + Words.uncapitalized(kind),
                        Words.place(incident.service(), accounts));
        var end = ". %s: %s.".formatted(standing.call(), Cut.toWord(100, standing.inShort()));
        var room = FALLBACK_MAX - beginning.length() - end.length();
        var cause = room < 10 ? "" : Cut.toWord(room, findings.causeInShort());
        var text = Cut.to(FALLBACK_MAX, beginning + cause + end);
        return text.length() >= FALLBACK_MIN ? text : text + " Open the message to read the evidence.";
    }

    private static List<Link> links(Incident incident) {
        var service = incident.service();
        var links = new ArrayList<Link>();
        incident.situation()
                .flatMap(Situation::logStream)
                .map(log -> new Link("logs", "View Logs", ConsoleLinks.logStream(service.partition(), log)))
                .ifPresent(links::add);
        links.add(new Link("service", "Open Service", ConsoleLinks.service(service)));
        links.add(new Link("deployment", "View Deployments", ConsoleLinks.deployments(service)));
        incident.situation()
                .flatMap(Situation::failedTask)
                .filter(task -> !task.isBlank())
                .map(task -> new Link("task", "View Failed Task", ConsoleLinks.task(service, task)))
                .ifPresent(links::add);
        return links;
    }

    private static List<Prose> footer(Incident incident) {
        var items = new ArrayList<Prose>();
        var first = Prose.of("Incident " + incident.id());
        if (incident.situation().isPresent()) {
            first = first.text(
                    " · mode " + Cut.to(20, incident.situation().get().mode()));
        }
        if (incident.diagnosis().orElse(null) instanceof Diagnosis.Identified identified) {
            first = first.text(" · %s by %s%s"
                    .formatted(
                            Cut.to(60, identified.cause().value()),
                            identified.isOpen() ? "resemblance" : "rule " + Cut.to(60, identified.rule()),
                            identified.isOpen()
                                    ? " (a guess, leads to no action)"
                                    : identified.proven() ? "" : " (on trial, leads to no action)"));
        }
        if (incident.diagnosedAt().isPresent()) {
            var latency =
                    Duration.between(incident.openedAt(), incident.diagnosedAt().get());
            first = first.text(" · diagnosed %s after the first sign".formatted(Words.lasting(latency)));
        }
        items.add(first);
        var gaps = incident.situation().map(Situation::gaps).orElse(List.of());
        gaps.stream()
                .limit(GAPS)
                .map(gap -> Prose.of("Not seen: " + Words.clause(Cut.toWord(GAP, gap))))
                .forEach(items::add);
        if (gaps.size() > GAPS) {
            items.add(Prose.of("%d more things were not seen".formatted(gaps.size() - GAPS)));
        }
        return items;
    }
}
