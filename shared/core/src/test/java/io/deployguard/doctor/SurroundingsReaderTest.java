package io.deployguard.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.ecs.ServiceDescription.Controller;
import org.junit.jupiter.api.Test;

class SurroundingsReaderTest {

    private static final String NAMES =
            "'serviceName':'web','clusterArn':'arn:aws:ecs:eu-central-1:123456789012:cluster/shop'";

    @Test
    void aServiceThatSaysNothingHasTheDefaultsOfEcs() throws JsonProcessingException {
        var service = read("{%s}".formatted(NAMES));

        assertThat(service.ref()).hasToString("shop/web");
        assertThat(service.rolls()).isTrue();
        assertThat(service.deploying().minimumHealthyPercent()).isEqualTo(100);
        assertThat(service.deploying().maximumPercent()).isEqualTo(200);
        assertThat(service.onFargate()).isFalse();
    }

    @Test
    void ofAServiceThatCodeDeployDeploysThePrimaryTaskSetTells() throws JsonProcessingException {
        var service = read("""
                {%s,'deploymentController':{'type':'CODE_DEPLOY'},'loadBalancers':[],'taskSets':[
                  {'status':'ACTIVE','taskDefinition':'arn:web:8','loadBalancers':[]},
                  {'status':'PRIMARY','taskDefinition':'arn:web:7','networkConfiguration':{'awsvpcConfiguration':{}},
                   'loadBalancers':[{'targetGroupArn':'arn:blue','containerName':'web','containerPort':8080}]}]}
                """.formatted(NAMES));

        assertThat(service.controller()).isEqualTo(Controller.CODE_DEPLOY);
        assertThat(service.taskDefinitionArn()).isEqualTo("arn:web:7");
        assertThat(service.awsvpc()).isTrue();
        assertThat(service.balancers())
                .singleElement()
                .satisfies(balancer -> assertThat(balancer.targetGroupArn()).contains("arn:blue"));
    }

    @Test
    void whatIsNoServiceIsRefusedByName() {
        assertThatThrownBy(() -> read("{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("serviceName: expected a service in a cluster, got nothing");
    }

    private static ServiceSetup read(String json) throws JsonProcessingException {
        return SurroundingsReader.service(JsonMapper.builder().build().readTree(json.replace('\'', '"')));
    }
}
