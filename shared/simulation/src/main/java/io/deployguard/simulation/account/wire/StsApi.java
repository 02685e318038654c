package io.deployguard.simulation.account.wire;

import static io.deployguard.simulation.account.wire.Action.read;

import io.deployguard.simulation.account.Json;
import java.util.List;

/** The one action of STS that the endpoint serves: whose credentials these are. */
final class StsApi {
    private StsApi() {}

    static List<Action> of(String account) {
        return List.of(read(
                "sts",
                "GetCallerIdentity",
                "",
                request -> Json.object()
                        .put("Account", account)
                        .put("UserId", "AROASIMULATED:session")
                        .put("Arn", "arn:aws:sts::" + account + ":assumed-role/simulated/session")));
    }
}
