package io.deployguard.pipeline;

import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Decision;
import io.deployguard.incident.Incident;
import java.util.LinkedHashMap;
import java.util.Map;

/** An incident in the fixed fields of the log, so that one query finds everything about a service. */
public final class IncidentFields {

    private IncidentFields() {}

    public static Map<String, Object> of(Incident incident) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("incident", incident.id().toString());
        fields.put("account", incident.service().account());
        fields.put("region", incident.service().region());
        fields.put("cluster", incident.service().cluster());
        fields.put("service", incident.service().name());
        fields.put("deployment", incident.deployment().value());
        fields.put("stage", incident.progress().getClass().getSimpleName());
        incident.diagnosis().ifPresent(diagnosis -> fields.putAll(describe(diagnosis)));
        incident.decision().ifPresent(decision -> {
            fields.put("decision", nameOf(decision));
            fields.put("because", decision.because());
        });
        return fields;
    }

    private static Map<String, Object> describe(Diagnosis diagnosis) {
        return switch (diagnosis) {
            case Diagnosis.Identified found ->
                Map.of(
                        "cause", found.cause().value(),
                        "confidence", found.confidence(),
                        "key", found.key().orElse(""),
                        "rule", found.rule());
            case Diagnosis.Unknown _ -> Map.of("cause", "unknown");
        };
    }

    static String nameOf(Decision decision) {
        return switch (decision) {
            case Decision.Act act -> act.remedy().action();
            case Decision.Ask ask -> "ask to " + ask.remedy().action();
            case Decision.Advise _ -> "advise";
            case Decision.Wait _ -> "wait";
            case Decision.StandDown _ -> "stand down";
        };
    }
}
