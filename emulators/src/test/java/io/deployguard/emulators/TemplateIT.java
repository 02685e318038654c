package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code template.yaml} before the judges that AWS provides: cfn-lint, and the translator that CloudFormation runs for SAM. */
@NeedsPython
class TemplateIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @ParameterizedTest
    @ValueSource(strings = {"template.yaml", "templates/spoke.yaml"})
    void cfnLintFindsNothing(String template) {
        var lint = Command.of(PythonTools.require().program("cfn-lint").toString(), template)
                .run();
        assertThat(lint.out() + lint.err()).isEmpty();
        assertThat(lint.exit()).isZero();
    }

    @Test
    void samMakesNoRoleOfItsOwn() throws Exception {
        assertThat(translated("AWS::IAM::Role"))
                .extracting(role -> role.path("Properties").path("Description").asText())
                .hasSize(Template.withDefaults().resources("AWS::IAM::Role").size())
                .allMatch(description -> description.startsWith("Deploy Guard's "));
    }

    @Test
    void samAttachesEveryQueueAndSchedule() throws Exception {
        assertThat(translated("AWS::Lambda::EventSourceMapping"))
                .hasSize(3)
                .allSatisfy(mapping -> assertThat(mapping.path("Properties")
                                .path("FunctionResponseTypes")
                                .path(0)
                                .asText())
                        .isEqualTo("ReportBatchItemFailures"));
        assertThat(translated("AWS::Scheduler::Schedule"))
                .hasSize(4)
                .allSatisfy(schedule -> assertThat(schedule.path("Properties")
                                .path("Target")
                                .path("Arn")
                                .path("Ref")
                                .asText())
                        .endsWith("FunctionAliaslive"));
        assertThat(translated("AWS::Lambda::Function")).hasSize(5);
    }

    /** CloudFormation replaces a version whose description has changed, which publishes another one. */
    @Test
    void samPublishesAVersionPerSettings() throws Exception {
        assertThat(translated("AWS::Lambda::Alias")).hasSize(4);
        assertThat(translated("AWS::Lambda::Version")).hasSize(4).allSatisfy(version -> {
            assertThat(version.path("Properties").path("Description").toString())
                    .isEqualTo("{\"Fn::GetAtt\":[\"Settings\",\"Hash\"]}");
            assertThat(version.path("DeletionPolicy").asText()).isEqualTo("Delete");
        });
        assertThat(translated("AWS::Lambda::EventSourceMapping"))
                .allSatisfy(mapping -> assertThat(mapping.path("Properties")
                                .path("FunctionName")
                                .path("Ref")
                                .asText())
                        .endsWith("FunctionAliaslive"));
    }

    private static List<JsonNode> translated(String type) throws Exception {
        var translation = Command.of(
                        PythonTools.require().program("python").toString(),
                        "emulators/src/test/python/translate.py",
                        "template.yaml")
                .with("AWS_DEFAULT_REGION", Template.REGION)
                .run();
        assertThat(translation.exit()).as(translation.err()).isZero();
        return Stream.of(JSON.readTree(translation.out()).path("Resources"))
                .flatMap(Template::elements)
                .filter(resource -> resource.path("Type").asText().equals(type))
                .toList();
    }
}
