package io.deployguard.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.doctor.check.Checks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DraftReaderTest {

    private static final String SOUND = "{'family':'web','containerDefinitions':[{'name':'web','image':'web:1'}]}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                                                                     | the document: expected an object, got a value of the kind array
            {'containerDefinitions':[]}                                                            | family: expected the name of the task definition's family, got nothing
            {'family':'web'}                                                                       | containerDefinitions: expected a list with at least one container, got nothing
            {'family':'web','containerDefinitions':{}}                                             | containerDefinitions: expected a list, got a value of the kind object
            {'Family':'web','ContainerDefinitions':[]}                                             | Family: expected the name family, as register-task-definition takes it; capitals count
            {'taskDefinition':{'family':'web','containerDefinitions':['web']}}                     | taskDefinition.containerDefinitions[0]: expected an object, got a value of the kind string
            {'family':'web','containerDefinitions':[{'image':'web'}]}                              | containerDefinitions[0].name: expected the name of the container, got nothing
            {'family':'web','containerDefinitions':[{'name':'web'}]}                               | containerDefinitions[0].image: expected an image, got nothing
            {'family':'web','cpu':'lots','containerDefinitions':[{'name':'web','image':'web'}]}    | cpu: expected CPU units such as 256, or 1 vCPU, got a value of the kind string
            {'family':'web','containerDefinitions':[{'name':'web','image':'web','portMappings':[{'containerPort':'http'}]}]} | containerDefinitions[0].portMappings[0].containerPort: expected a whole number, got a value of the kind string
            {'family':'web','containerDefinitions':[{'name':'web','image':'web','essential':'true'}]} | containerDefinitions[0].essential: expected true or false, got a value of the kind string
            {'family':'web','containerDefinitions':[{'name':'web','image':'web','healthcheck':{}}]} | containerDefinitions[0].healthcheck: expected the name healthCheck, as register-task-definition takes it; capitals count
            {'family':'web','containerDefinitions':[{'name':'web','image':'web','command':'serve'}]} | containerDefinitions[0].command: expected a list, got a value of the kind string
            {'family':'web','containerDefinitions':[{'name':'web','image':'web','environment':[{'value':'hidden'}]}]} | containerDefinitions[0].environment[0].name: expected the name of a variable, got nothing
            {'family':'web','containerDefinitions':[{'name':'web','image':'web','secrets':[{'name':'A'}]}]} | containerDefinitions[0].secrets[0].valueFrom: expected the ARN of a secret, or the name or ARN of a parameter, got nothing
            """)
    void saysWhichFieldIsWrongAndWhatWasExpected(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void takesWhatDescribeTaskDefinitionAnswers() throws JsonProcessingException {
        var draft = read(
                "{'taskDefinition':{'taskDefinitionArn':'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7',"
                        + "'family':'web','status':'ACTIVE','containerDefinitions':[{'name':'web','image':'web:1','cpu':0,'environment':[],"
                        + "'mountPoints':[],'volumesFrom':[]}]},'tags':[]}");

        assertThat(draft.name()).isEqualTo("web:7");
        assertThat(draft.containers())
                .singleElement()
                .satisfies(
                        container -> assertThat(container.path()).isEqualTo("taskDefinition.containerDefinitions[0]"));
    }

    @Test
    void withoutAServiceTheOthersAreLeftOut() throws JsonProcessingException {
        var found = new Doctor(Checks.all()).examine(read(SOUND));

        assertThat(found.leftOut()).isNotEmpty().allMatch(Check.OfService.class::isInstance);
        assertThat(found.all()).allMatch(finding -> finding.check() instanceof Check.OfDefinition);
        assertThat(found.all().stream().map(Doctor.Finding::check).distinct().count()
                        + found.leftOut().size())
                .isEqualTo(Checks.all().size());
    }

    private static Draft read(String json) throws JsonProcessingException {
        return DraftReader.read(JsonMapper.builder().build().readTree(json.replace('\'', '"')));
    }
}
