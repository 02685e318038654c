package io.deployguard.simulation.demo;

import io.deployguard.action.ForwardListener;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.LoadBalancer;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.demo.WebService.Release;
import io.deployguard.simulation.lab.FrontDoor;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A web service, its first release, its second, and whatever happens around them.
 *
 * @param surroundings what the service's load balancer looks like, and how the service is known to the world
 * @param afterwards what happens once the release is under way
 * @param person what a person does once the first message is there
 * @param settings of the functions beside the usual
 */
record ReleaseScenario(
        String name,
        String title,
        double speed,
        Expectation expected,
        WebService web,
        Release first,
        Release second,
        Surroundings surroundings,
        Afterwards afterwards,
        Afterwards person,
        Map<String, String> settings)
        implements Scenario {

    /** Nothing but two releases. */
    static ReleaseScenario of(
            String name,
            String title,
            double speed,
            Expectation expected,
            WebService web,
            Release first,
            Release second) {
        return new ReleaseScenario(
                name,
                title,
                speed,
                expected,
                web,
                first,
                second,
                Surroundings.PLAIN,
                Afterwards.QUIET,
                Afterwards.QUIET,
                Map.of());
    }

    ReleaseScenario amid(Surroundings other) {
        return new ReleaseScenario(
                name, title, speed, expected, web, first, second, other, afterwards, person, settings);
    }

    ReleaseScenario followedBy(Afterwards other) {
        return new ReleaseScenario(
                name, title, speed, expected, web, first, second, surroundings, other, person, settings);
    }

    ReleaseScenario onceToldBy(Afterwards other) {
        return new ReleaseScenario(
                name, title, speed, expected, web, first, second, surroundings, afterwards, other, settings);
    }

    ReleaseScenario with(String setting, String value) {
        return new ReleaseScenario(
                name,
                title,
                speed,
                expected,
                web,
                first,
                second,
                surroundings,
                afterwards,
                person,
                Map.of(setting, value));
    }

    static final Behavior WELL = Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080");

    /** What stands around the service before its first release. */
    interface Surroundings {

        /** Only the load balancer. */
        Surroundings PLAIN = (account, place, web) -> web;

        WebService around(SimulatedAccount account, WebService.Place place, WebService web);
    }

    /** What comes after the release. */
    interface Afterwards {

        /** Nothing. */
        Afterwards QUIET = (account, web) -> {};

        void follow(SimulatedAccount account, WebService web);
    }

    /** Post-mortem 2: tasks and targets are healthy, and users get 404. */
    static Scenario misroutedListener() {
        return misrouted(
                "listener-misrouted",
                "Tasks and targets are healthy, but the listener's default action answers 404: a request from outside tells",
                "none",
                "advised",
                WebService.of("faxi-api"));
    }

    /** The same where its owner wants the listener to forward. */
    static Scenario forwardedListener() {
        return misrouted(
                        "listener-forwarded",
                        "The same, and its owner wants the guard to let the listener forward: it does, and asks the endpoint until it answers well",
                        ForwardListener.ID,
                        "healed",
                        WebService.of("faxi-qa").tagged(ForwardListener.TAG, ForwardListener.WANTED))
                .with("DEPLOY_GUARD_REMEDIES", ForwardListener.ID);
    }

    private static ReleaseScenario misrouted(
            String name, String title, String action, String outcome, WebService service) {
        return ReleaseScenario.of(
                        name,
                        title,
                        10,
                        new Expectation(
                                "listener-misrouted",
                                Optional.of("fixed-response 404"),
                                action,
                                outcome,
                                "answers 404 from the load balancer itself"),
                        service,
                        Release.of("2.3.0", WELL),
                        Release.of("2.4.0", WELL))
                .amid((account, place, web) -> {
                    place.listener()
                            .rule(
                                    1,
                                    LoadBalancer.hostHeader("www.faxi.example"),
                                    LoadBalancer.forwardTo(place.group()));
                    var door = FrontDoor.open(account, place.balancer(), WebService.LISTENER);
                    return web.tagged(
                                    "deploy-guard:endpoint",
                                    "http://qa.faxi.example:" + WebService.LISTENER + "/health")
                            .tagged("deploy-guard:endpoint-via", "127.0.0.1:" + door.port());
                })
                .followedBy((account, web) -> account.loadBalancing()
                        .listenerOf(WebService.CLUSTER, WebService.LISTENER)
                        .answerBy(LoadBalancer.fixedResponse(404)));
    }

    /** Post-mortem 3: the build cache shipped the old image. */
    static Scenario staleImage() {
        return ReleaseScenario.of(
                "stale-image",
                "The build cache shipped the old image under a new tag: the deployment succeeds and nothing changes",
                10,
                new Expectation("stale-image", Optional.empty(), "none", "advised", "as before the deployment"),
                WebService.of("civic-portal").tagged("deploy-guard:unchanged-image", "tell"),
                Release.of("1.4.1", WELL),
                Release.of("1.5.0", WELL).withContent("1.4.1"));
    }

    /** Post-mortem 3: the check needs curl, the image has none. */
    static Scenario missingCheckTool() {
        return ReleaseScenario.of(
                "health-check-tool",
                "The container's health check calls curl, which the new slim image lacks: ECS hides what the check printed, so the guard waits for a second failure before it goes back",
                30,
                new Expectation(
                        "health-check-command-missing",
                        Optional.of("curl"),
                        "roll-back",
                        "healed",
                        "needs curl, which image"),
                WebService.of("civic-api"),
                Release.of("1.4.1", WELL),
                Release.of(
                                "1.5.0-slim",
                                Behavior.failingContainerCheck(
                                        "INFO:     Application startup complete.",
                                        "INFO:     Uvicorn running on http://0.0.0.0:8080 (Press CTRL+C to quit)"))
                        .checkedBy("""
                                {"command":["CMD-SHELL","curl -f http://localhost:8080/health || exit 1"],
                                 "interval":10,"timeout":5,"retries":3,"startPeriod":10}"""));
    }

    /** Post-mortem 3: nobody made the first owner. */
    static Scenario missingSeedData() {
        return ReleaseScenario.of(
                        "seed-data-missing",
                        "Every task is healthy and every invitation is refused, since the first owner is missing: an alarm tells",
                        10,
                        new Expectation(
                                "seed-data-missing",
                                Optional.empty(),
                                "none",
                                "advised",
                                "No permission to invite members"),
                        WebService.of("civic-members"),
                        Release.of("1.4.1", WELL),
                        Release.of(
                                "1.5.0",
                                Behavior.healthyAfter(
                                        Duration.ofSeconds(5),
                                        "INFO:     Uvicorn running on http://0.0.0.0:8080 (Press CTRL+C to quit)",
                                        "ERROR:    No permission to invite members: organization 4 has no owner",
                                        "ERROR:    No permission to invite members: organization 9 has no owner")))
                .followedBy((account, web) -> account.agenda()
                        .after(
                                Duration.ofSeconds(90),
                                () -> account.alarms()
                                        .turn(
                                                "civic-members-5xx",
                                                "ALARM",
                                                "Threshold Crossed: 3 out of the last 3 datapoints were greater than the threshold (5.0).",
                                                account.loadBalancing().groupNamed(web.name()))));
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(80);
    }

    @Override
    public void prepare(SimulatedAccount account) {
        var place = web.place(account);
        surroundings.around(account, place, web).create(account, place, first);
    }

    @Override
    public boolean isReady(SimulatedAccount account) {
        return web.isSteady(account);
    }

    @Override
    public void release(SimulatedAccount account) {
        web.deploy(account, second);
        afterwards.follow(account, web);
    }

    @Override
    public void onceTold(SimulatedAccount account) {
        person.follow(account, web);
    }
}
