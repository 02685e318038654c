package io.deployguard.simulation.port;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What DescribeTaskDefinition tells, as RegisterTaskDefinition takes it. */
final class TaskDefinitionCopy {

    private static final List<String> SAID_BY_ECS = List.of(
            "taskDefinitionArn",
            "revision",
            "status",
            "registeredAt",
            "registeredBy",
            "deregisteredAt",
            "requiresAttributes",
            "compatibilities");

    private TaskDefinitionCopy() {}

    static ObjectNode of(ObjectNode described) {
        var request = ((ObjectNode) described.path("taskDefinition")).deepCopy();
        request.remove(SAID_BY_ECS);
        if (!described.path("tags").isEmpty()) {
            request.set("tags", described.path("tags"));
        }
        return request;
    }

    /** Whether two are the same but for their tags. */
    static boolean isTwin(ObjectNode one, ObjectNode other) {
        return one.deepCopy().without("tags").equals(other.deepCopy().without("tags"));
    }
}
