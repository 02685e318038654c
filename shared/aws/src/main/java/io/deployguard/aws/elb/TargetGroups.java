package io.deployguard.aws.elb;

import io.deployguard.aws.AwsFaults;
import io.deployguard.ecs.TargetHealth;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** Health of the targets of a target group. Thread-safe. */
public final class TargetGroups {

    private final ElasticLoadBalancingV2Client elb;

    public TargetGroups(ElasticLoadBalancingV2Client elb) {
        this.elb = elb;
    }

    /** All targets, in no order. */
    public List<TargetHealth> health(String targetGroupArn) {
        return AwsFaults.ask(
                        "elasticloadbalancing:DescribeTargetHealth",
                        targetGroupArn,
                        () -> elb.describeTargetHealth(request -> request.targetGroupArn(targetGroupArn)))
                .targetHealthDescriptions()
                .stream()
                .map(description -> new TargetHealth(
                        Optional.of(targetGroupArn),
                        Optional.ofNullable(description.target()).map(target -> target.id()),
                        Optional.ofNullable(description.target()).map(target -> target.port()),
                        Optional.ofNullable(description.targetHealth())
                                .map(health -> health.stateAsString())
                                .orElse("unavailable"),
                        Optional.ofNullable(description.targetHealth()).map(health -> health.reasonAsString()),
                        Optional.ofNullable(description.targetHealth()).map(health -> health.description())))
                .toList();
    }
}
