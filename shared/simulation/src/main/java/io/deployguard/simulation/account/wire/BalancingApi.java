package io.deployguard.simulation.account.wire;

import static io.deployguard.simulation.account.wire.Action.read;
import static io.deployguard.simulation.account.wire.Action.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.LoadBalancing;
import java.util.List;

/** The actions of Elastic Load Balancing v2 that the endpoint serves; answers fit on one page. */
final class BalancingApi {
    private static final String SERVICE = "elasticloadbalancing";

    private final LoadBalancing balancing;

    private BalancingApi(LoadBalancing balancing) {
        this.balancing = balancing;
    }

    static List<Action> of(LoadBalancing balancing) {
        var api = new BalancingApi(balancing);
        return List.of(
                read(SERVICE, "DescribeTargetHealth", "TargetGroupArn Targets", api::describeTargetHealth),
                read(
                        SERVICE,
                        "DescribeTargetGroups",
                        "TargetGroupArns Names LoadBalancerArn PageSize",
                        api::describeTargetGroups),
                read(SERVICE, "DescribeLoadBalancers", "LoadBalancerArns Names PageSize", api::describeLoadBalancers),
                read(SERVICE, "DescribeListeners", "LoadBalancerArn ListenerArns PageSize", api::describeListeners),
                read(SERVICE, "DescribeRules", "ListenerArn PageSize", api::describeRules),
                write(SERVICE, "ModifyListener", "ListenerArn DefaultActions", api::modifyListener),
                write(SERVICE, "ModifyRule", "RuleArn Actions", api::modifyRule));
    }

    private ObjectNode describeTargetHealth(ObjectNode request) {
        var wanted = Json.elements(request, "Targets").stream()
                .map(target -> target.path("Id").asText())
                .toList();
        var all = balancing.targetHealth(required(request, "TargetGroupArn"));
        return answer(
                "TargetHealthDescriptions",
                all.stream()
                        .filter(target -> wanted.isEmpty()
                                || wanted.contains(
                                        target.path("Target").path("Id").asText()))
                        .toList());
    }

    private ObjectNode describeTargetGroups(ObjectNode request) {
        return answer(
                "TargetGroups",
                balancing.describeTargetGroups(
                        Json.textsIn(request, "TargetGroupArns"),
                        Json.textsIn(request, "Names"),
                        Json.text(request, "LoadBalancerArn")));
    }

    private ObjectNode describeLoadBalancers(ObjectNode request) {
        return answer(
                "LoadBalancers",
                balancing.describeLoadBalancers(
                        Json.textsIn(request, "LoadBalancerArns"), Json.textsIn(request, "Names")));
    }

    private ObjectNode describeListeners(ObjectNode request) {
        var listeners = Json.textsIn(request, "ListenerArns");
        return answer(
                "Listeners",
                listeners.isEmpty()
                        ? balancing.describeListeners(required(request, "LoadBalancerArn"))
                        : listeners.stream().map(balancing::describeListener).toList());
    }

    private ObjectNode describeRules(ObjectNode request) {
        return answer("Rules", balancing.describeRules(required(request, "ListenerArn")));
    }

    private ObjectNode modifyListener(ObjectNode request) {
        var arn = required(request, "ListenerArn");
        balancing.modifyListener(arn, request.path("DefaultActions"));
        return answer("Listeners", List.of(balancing.describeListener(arn)));
    }

    private ObjectNode modifyRule(ObjectNode request) {
        return answer("Rules", List.of(balancing.modifyRule(required(request, "RuleArn"), request.path("Actions"))));
    }

    private static ObjectNode answer(String field, List<ObjectNode> items) {
        var answer = Json.object();
        answer.putArray(field).addAll(items);
        return answer;
    }

    private static String required(ObjectNode request, String field) {
        return Json.text(request, field)
                .orElseThrow(() -> AwsError.refused("ValidationError", field + " must be specified"));
    }
}
