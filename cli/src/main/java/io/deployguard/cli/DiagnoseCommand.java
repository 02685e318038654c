package io.deployguard.cli;

import io.deployguard.fault.GuardFault;
import io.deployguard.pipeline.Checkup;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at a live service: service and deployments, events, stopped tasks, logs, targets, listeners, and says what is wrong, why, what to do. */
@Command(
        name = "diagnose",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at a live service and says what is wrong, why, and what to do. Reads only.",
            "Credentials and region are found as the AWS CLI finds them (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL …).",
            "Exit code: 0 the service is well or deploying, 1 it is failing or its last deployment was undone."
        })
final class DiagnoseCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ServiceOptions where = new ServiceOptions();

    @Option(names = "--json", description = "one JSON object")
    boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "by when all evidence must be in; what is late counts as not seen")
    int timeout;

    @Override
    public Integer call() {
        var report = examine();
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        var page = new ServicePage(report);
        if (json) {
            out.println(page.json());
        } else {
            page.lines().forEach(out::println);
        }
        out.flush();
        return switch (report.state()) {
            case WELL, DEPLOYING -> 0;
            case FAILING, ROLLED_BACK -> DeployGuard.BAD;
        };
    }

    private Checkup.Report examine() {
        var clock = Clock.systemUTC();
        try (var live = where.open(clock)) {
            return live.checkup().examine(where.find(live), clock.instant().plus(Duration.ofSeconds(timeout)));
        } catch (GuardFault.NotFound | GuardFault.Denied | GuardFault.Malformed unusable) {
            throw new DeployGuard.Unusable(String.valueOf(unusable.getMessage()));
        }
    }
}
