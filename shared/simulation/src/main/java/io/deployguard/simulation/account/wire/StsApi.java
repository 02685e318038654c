package io.deployguard.simulation.account.wire;

import static io.deployguard.simulation.account.wire.Action.read;

import io.deployguard.simulation.account.Json;
import java.time.InstantSource;
import java.util.List;

/** What the endpoint serves of STS: whose credentials these are, and roles of other accounts. */
final class StsApi {
    private StsApi() {}

    static List<Action> of(String account, Roles roles, InstantSource clock) {
        return List.of(
                read(
                        "sts",
                        "GetCallerIdentity",
                        "",
                        request -> Json.object()
                                .put("Account", account)
                                .put("UserId", "AROASIMULATED:session")
                                .put("Arn", "arn:aws:sts::" + account + ":assumed-role/simulated/session")),
                read(
                        "sts",
                        "AssumeRole",
                        "RoleArn RoleSessionName ExternalId DurationSeconds Policy",
                        request -> roles.assume(request, clock.instant())));
    }
}
