package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A container of a simulated task. Guarded by the lock of the account. */
final class SimulatedContainer {
    final TaskDefinition.Container definition;
    final String arn;
    final @Nullable String imageDigest;
    String lastStatus = "PENDING";
    String healthStatus = "UNKNOWN";

    @Nullable
    Integer exitCode;

    @Nullable
    String reason;

    @Nullable
    String runtimeId;

    SimulatedContainer(TaskDefinition.Container definition, String arn, @Nullable String imageDigest) {
        this.definition = definition;
        this.arn = arn;
        this.imageDigest = imageDigest;
    }

    void run(String newRuntimeId) {
        lastStatus = "RUNNING";
        runtimeId = newRuntimeId;
    }

    void stop(@Nullable Integer code, @Nullable String why) {
        if (!lastStatus.equals("STOPPED")) {
            lastStatus = "STOPPED";
            exitCode = code;
            reason = why;
        }
    }

    /** As task and event name it; the health status is told by DescribeTasks only. */
    ObjectNode describe(SimulatedTask task) {
        var node = Json.object()
                .put("containerArn", arn)
                .put("taskArn", task.arn())
                .put("name", definition.name())
                .put("image", definition.image())
                .put("lastStatus", lastStatus)
                .put("cpu", "0");
        putIfPresent(node, "imageDigest", imageDigest);
        putIfPresent(node, "runtimeId", runtimeId);
        putIfPresent(node, "reason", reason);
        if (exitCode != null) {
            node.put("exitCode", exitCode);
        }
        var interfaces = node.putArray("networkInterfaces");
        task.address()
                .ifPresent(address -> interfaces
                        .addObject()
                        .put("attachmentId", task.attachmentId())
                        .put("privateIpv4Address", address));
        return node;
    }

    private static void putIfPresent(ObjectNode node, String field, @Nullable String value) {
        if (value != null) {
            node.put(field, value);
        }
    }
}
