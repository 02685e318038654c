package io.deployguard.simulation.demo;

import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.CodeDeploy;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.TargetGroup;
import io.deployguard.simulation.demo.WebService.Release;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A service that CodeDeploy brings releases to: its tasks crash beside those that serve. */
final class CodeDeployScenario implements Scenario {

    private static final WebService WEB =
            WebService.of("ticket-desk").shaped(service -> service.controller("CODE_DEPLOY"));
    private static final Release FIRST = Release.of("3.2.0", ReleaseScenario.WELL);
    private static final Release SECOND = Release.of(
            "3.3.0",
            Behavior.crashing(
                    Duration.ofSeconds(6),
                    1,
                    "Traceback (most recent call last):",
                    "  File \"/app/settings.py\", line 44, in <module>",
                    "    QUEUE_URL = os.environ[\"QUEUE_URL\"]",
                    "  File \"<frozen os>\", line 717, in __getitem__",
                    "KeyError: 'QUEUE_URL'"));

    private Optional<CodeDeploy.Group> group = Optional.empty();

    @Override
    public String name() {
        return "codedeploy-crash-loop";
    }

    @Override
    public String title() {
        return "CodeDeploy brings a release whose tasks crash and would wait for an hour: its deployment is stopped, and the earlier tasks serve on";
    }

    @Override
    public double speed() {
        return 10;
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(80);
    }

    @Override
    public Expectation expected() {
        return new Expectation(
                "missing-config", Optional.of("QUEUE_URL"), "roll-back", "healed", "KeyError: 'QUEUE_URL'");
    }

    @Override
    public void prepare(SimulatedAccount account) {
        var place = WEB.place(account);
        var green = account.loadBalancing()
                .targetGroup(
                        WEB.name() + "-green",
                        WebService.PORT,
                        TargetGroup.HealthCheck.of("/health").every(Duration.ofSeconds(10)));
        WEB.create(account, place, FIRST);
        var made = new CodeDeploy.Group(
                WEB.name(),
                WEB.name(),
                WebService.CLUSTER,
                WEB.name(),
                List.of(place.group(), green),
                place.listener(),
                Duration.ofHours(1),
                false);
        account.codeDeploy().group(made);
        group = Optional.of(made);
    }

    @Override
    public boolean isReady(SimulatedAccount account) {
        return WEB.isSteady(account);
    }

    @Override
    public void release(SimulatedAccount account) {
        WEB.register(account, SECOND, 2);
        account.codeDeploy()
                .createDeployment(CodeDeploy.request(group.orElseThrow(), WEB.name() + ":2", "web", WebService.PORT));
    }
}
