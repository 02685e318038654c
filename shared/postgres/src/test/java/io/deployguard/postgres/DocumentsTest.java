package io.deployguard.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.action.ActionPlan;
import io.deployguard.action.Command;
import io.deployguard.action.CommandOutcome;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.Remedy;
import io.deployguard.decision.Decision;
import io.deployguard.decision.Ruling;
import io.deployguard.detection.Detection;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.event.EventReading;
import io.deployguard.event.GuardEvent;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.evidence.EvidenceRequest;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Situation;
import io.deployguard.notification.Delivery;
import io.deployguard.notification.Notice;
import io.deployguard.notification.NoticeBlock;
import io.deployguard.report.WeeklyReport;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentsTest {

    static Stream<Class<?>> types() {
        return Stream.of(
                ActionPlan.class,
                Approval.class,
                Command.class,
                CommandOutcome.class,
                Decision.class,
                Delivery.class,
                Detection.class,
                Diagnosis.class,
                EventReading.class,
                Evidence.class,
                EvidenceBundle.class,
                EvidenceRequest.class,
                GuardEvent.class,
                Incident.class,
                Notice.class,
                NoticeBlock.class,
                Progress.class,
                Remedy.class,
                ServiceSnapshot.class,
                Situation.class,
                Task.class,
                TaskDefinition.class,
                WeeklyReport.class);
    }

    @ParameterizedTest
    @MethodSource("types")
    void readsBackWhatItWrote(Class<?> type) {
        for (var withOptionals : List.of(true, false)) {
            for (var value : new RecordSampler(withOptionals).samplesOf(type)) {
                assertThat(roundTrip(value, type)).isEqualTo(value);
            }
        }
    }

    @Test
    void writesIncidentsWithEveryProgressDiagnosisAndDecision() {
        var sampler = new RecordSampler(true);
        var incident = (Incident) sampler.samplesOf(Incident.class).getFirst();
        for (var progress : sampler.samplesOf(Progress.class)) {
            for (var diagnosis : sampler.samplesOf(Diagnosis.class)) {
                for (var decision : sampler.samplesOf(Decision.class)) {
                    var value = incident.withFindings(
                            (Diagnosis) diagnosis,
                            new Ruling((Decision) decision, incident.grounds().orElseThrow()),
                            incident.situation().orElseThrow(),
                            (Progress) progress,
                            Samples.NOON);
                    assertThat(roundTrip(value, Incident.class)).isEqualTo(value);
                }
            }
        }
    }

    /** What stands in databases. When this test fails, stored incidents can no longer be read: keep the old name readable. */
    @Test
    void readsADocumentOfTheFirstVersion() {
        var json = """
                {"id":"00000000-0000-0000-0000-00000000002a",
                 "service":{"partition":"aws","region":"eu-central-1","account":"123456789012","cluster":"orders","name":"web"},
                 "deployment":{"value":"ecs-svc/1234567890123456789"},
                 "progress":{"kind":"Investigating","lookAgainAt":"2026-11-02T12:00:00Z","looks":0},
                 "openedAt":"2026-11-02T12:00:00Z","changedAt":"2026-11-02T12:00:00Z",
                 "signs":[{"kind":"restart-loop","at":"2026-11-02T12:00:00Z","what":"2 tasks stopped within 10 minutes"}],
                 "diagnosis":null,"diagnosedAt":null,"decision":null,"situation":null,"revision":1}
                """;
        var incident = Samples.incident(Samples.id(42), Samples.service("web"));

        assertThat(Documents.read(json, Incident.class)).isEqualTo(incident);
        assertThat(Documents.write(incident, Incident.class)
                        .replace("\"undelivered\":[],", "")
                        .replace("\"grounds\":null,", "")
                        .replace("\"approval\":null,", "")
                        .replace(",\"subject\":null", ""))
                .as("but for what later versions have added")
                .isEqualToIgnoringWhitespace(json);
    }

    /** Stored before signs had a subject. */
    @Test
    void knowsTheAlarmOfAnOldSignByItsSentence() {
        var on = Documents.read(
                "{\"kind\":\"alarm\",\"at\":\"2026-11-02T12:00:00Z\",\"what\":\"alarm web 5xx went off: alarm went off\"}",
                Incident.Sign.class);
        var over = Documents.read(
                "{\"kind\":\"alarm-over\",\"at\":\"2026-11-02T12:05:00Z\",\"what\":\"alarm web 5xx is over\"}",
                Incident.Sign.class);

        assertThat(on.subject()).contains("web 5xx");
        assertThat(on.isEndedBy(over)).isTrue();
        assertThat(on.isEndedBy(Incident.Sign.ofAlarmOver("web 5xx", over.at())))
                .isTrue();
        assertThat(on.isEndedBy(Incident.Sign.ofAlarmOver("web", over.at()))).isFalse();
    }

    @Test
    void passesOverWhatItDoesNotKnow() {
        var json = """
                {"kind":"Suspected","somethingNew":{"a":[1]}}
                """;

        assertThat(Documents.read(json, Progress.class)).isEqualTo(new Progress.Suspected());
    }

    @Test
    void readsMissingListsAsEmptyAndMissingOptionalsAsAbsent() {
        var json = """
                {"failingTaskDefinitionArn":"web:7","servingOld":2,"servingNew":0,"desired":2,"gaps":null,"mode":"observe"}
                """;

        assertThat(Documents.read(json, Situation.class))
                .isEqualTo(new Situation(
                        "web:7",
                        Optional.empty(),
                        List.of(),
                        2,
                        0,
                        2,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        "observe",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void storesNothingThatIsDerived() {
        var json = Documents.write(Samples.incident(Samples.id(1), Samples.service("web")), Incident.class);

        assertThat(json).doesNotContain("\"open\"", "\"told\"", "\"arn\"");
    }

    @Test
    void saysWhichKindItDoesNotKnow() {
        assertThatThrownBy(() -> Documents.read("{\"kind\":\"Celebrating\"}", Progress.class))
                .isInstanceOf(GuardFault.Malformed.class)
                .hasMessageContaining("read Progress from JSON")
                .hasMessageContaining("Celebrating");
    }

    @Test
    void saysThatATimeIsNotOne() {
        assertThatThrownBy(() -> Documents.read("{\"kind\":\"Planned\",\"since\":\"noon\"}", Progress.class))
                .isInstanceOf(GuardFault.Malformed.class)
                .hasMessageContaining("ISO 8601");
    }

    private static <T> T roundTrip(Object value, Class<T> type) {
        return Documents.read(Documents.write(type.cast(value), type), type);
    }
}
