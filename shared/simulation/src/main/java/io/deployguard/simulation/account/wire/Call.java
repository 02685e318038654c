package io.deployguard.simulation.account.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A request that arrived, whatever came of it.
 *
 * @param service {@code ecs}, {@code logs}, {@code elasticloadbalancing}, {@code sqs}, {@code ecr} or {@code sts}
 * @param request its fields; those of the query protocol in the same nesting
 * @param effect whether it may change anything in the account
 * @param at in simulated time
 */
public record Call(String service, String action, ObjectNode request, Effect effect, Instant at) {
    /** Whether an action only looks. */
    public enum Effect {
        READ,
        WRITE
    }

    /** Whether it may have changed something outside of queues: what a guard needs a reason for. */
    public boolean changesTheAccount() {
        return effect == Effect.WRITE && !service.equals("sqs");
    }
}
