package io.deployguard.aws.place;

import io.deployguard.action.Command;
import io.deployguard.aws.AwsClients;
import io.deployguard.ecs.Accounts;
import io.deployguard.ecs.Place;
import io.deployguard.fault.GuardFault;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Clients for wherever a service runs: in the guard's own account with its own credentials, in a listed one with those of a role there, anywhere
 * else none. Thread-safe.
 *
 * <p>The roles are those of {@code templates/spoke.yaml}. The reading one is taken once per account and region, until shortly before its session
 * ends. The acting one is taken for one command: its session may do this one command, and carries the incident's id into
 * the other account's CloudTrail.
 */
public final class AwsPlaces implements AutoCloseable {

    /** What the names of the roles begin with; the region follows, since a spoke is set up for each. */
    static final String READING_ROLE = "deploy-guard-read-";

    static final String ACTING_ROLE = "deploy-guard-act-";

    private static final Duration READING = Duration.ofHours(1);
    private static final Duration ACTING = Duration.ofMinutes(15);

    private final AwsClients home;
    private final Accounts accounts;
    private final String externalId;
    private final String function;
    private final SecurityTokens tokens;
    private final InstantSource clock;
    private final Map<Place, Entered> entered = new ConcurrentHashMap<>();
    private final Map<String, AwsClients> otherRegions = new ConcurrentHashMap<>();

    private record Entered(AssumedRole role, AwsClients clients) {}

    /**
     * @param home clients of the guard's own account and region
     * @param externalId that the roles of listed accounts ask for
     * @param function whose sessions these are
     */
    public AwsPlaces(AwsClients home, Accounts accounts, String externalId, String function, InstantSource clock) {
        this.home = home;
        this.accounts = accounts;
        this.externalId = externalId;
        this.function = function;
        this.tokens = new SecurityTokens(home.signed("sts"));
        this.clock = clock;
    }

    public boolean includes(Place place) {
        return accounts.includes(place.account());
    }

    /**
     * Clients that look.
     *
     * @throws GuardFault.NotFound when the account is not listed
     * @throws GuardFault.Denied when its role cannot be taken
     */
    public AwsClients reading(Place place) {
        requireIncluded(place);
        if (!isByRole(place)) {
            return place.region().equals(home.region())
                    ? home
                    : otherRegions.computeIfAbsent(place.region(), home::elsewhere);
        }
        var there = entered.computeIfAbsent(place, this::enter);
        // Here, and not in the middle of the first call, so that a refusal is told as what it is.
        there.role().resolveCredentials();
        return there.clients();
    }

    private Entered enter(Place place) {
        var role = new AssumedRole(
                () -> tokens.assume(
                        roleArn(place, READING_ROLE),
                        externalId,
                        "deploy-guard-" + function,
                        Optional.empty(),
                        READING),
                clock);
        return new Entered(role, home.elsewhere(place.region(), role));
    }

    /** Whether changes in the place need a role of it. */
    boolean isByRole(Place place) {
        var isHome = accounts.own().map(place.account()::equals).orElse(true)
                && place.region().equals(home.region());
        return !isHome && accounts.listed().contains(place.account());
    }

    /**
     * Clients that may carry out the one command, for the sake of one incident. For the caller to close.
     *
     * @throws GuardFault.Denied when the role cannot be taken
     */
    AwsClients acting(Command command, UUID incident) {
        var service = command.service();
        var session = tokens.assume(
                roleArn(service.place(), ACTING_ROLE),
                externalId,
                "deploy-guard-" + incident,
                Optional.of(ActingPolicy.of(command)),
                ACTING);
        return home.elsewhere(service.region(), StaticCredentialsProvider.create(session.credentials()));
    }

    private void requireIncluded(Place place) {
        if (!includes(place)) {
            throw new GuardFault.NotFound(
                    "account %s is not listed: nothing is read or done there".formatted(place.account()), null);
        }
    }

    private static String roleArn(Place place, String name) {
        return "arn:%s:iam::%s:role/%s%s".formatted(place.partition(), place.account(), name, place.region());
    }

    @Override
    public void close() {
        entered.values().forEach(there -> there.clients().close());
        otherRegions.values().forEach(AwsClients::close);
        home.close();
    }
}
