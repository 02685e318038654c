package io.deployguard.action;

import io.deployguard.action.ActionPlan.Overtaken;
import io.deployguard.action.ActionPlan.Refused;
import io.deployguard.action.ActionPlan.Steps;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.Endpoint;
import io.deployguard.ecs.ListenerRule;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.TaskHealth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets the listener forward to the service's target group where it answers by itself: at the one rule that requests for the service's endpoint
 * meet. Only a lone fixed response is replaced, and only on a listener that leads nowhere else.
 *
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html">Listeners</a>
 */
public final class ForwardListener implements OptIn {

    /** As catalogue and settings name it. */
    public static final String ID = "forward-listener";

    /** The tag by which the service's owner wants it; the listener or the rule has it too, which IAM asks for. */
    public static final String TAG = "deploy-guard:listener";

    /** The one value of {@link #TAG} that wants it. */
    public static final String WANTED = "forward";

    /** The release is well, and its tasks stay as they are. */
    private static final Set<String> OF_ROLLBACK_ONLY = Set.of("healthy-now", "earlier-tasks");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public boolean isWantedBy(Map<String, String> tags) {
        return WANTED.equals(tags.get(TAG));
    }

    /** A listener that was changed since then is its owner's. */
    @Override
    public boolean isAsSeen() {
        return true;
    }

    @Override
    public Aim aim() {
        return Aim.REACHED;
    }

    @Override
    public String inWords(ServiceSnapshot snapshot, ActionPlan plan) {
        return plan.nextCommand()
                .map(Command::describe)
                .orElse("let the listener forward to the service's target group");
    }

    @Override
    public Optional<Lookup> lookup(
            ServiceSnapshot snapshot,
            DeploymentId failing,
            Set<DeploymentId> condemned,
            List<CommandJournal.Entry> entries) {
        var groups = snapshot.service().targetGroups();
        return groups.isEmpty() ? Optional.empty() : Optional.of(new Lookup.ListenerRules(groups));
    }

    @Override
    public ActionPlan plan(ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned) {
        return next(snapshot, failing, condemned, Course.NONE);
    }

    @Override
    public ActionPlan next(ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned, Course course) {
        return RollBack.objection(snapshot, failing, OF_ROLLBACK_ONLY)
                .or(() -> unfit(snapshot, failing).map(Refused::new))
                .orElseGet(() -> forward(snapshot, course.rules()));
    }

    /** What speaks against sending anybody to this service. */
    private static Optional<String> unfit(ServiceSnapshot snapshot, DeploymentId failing) {
        var service = snapshot.service();
        if (service.strategy() != ServiceDescription.Strategy.ROLLING) {
            return Optional.of("ECS itself changes the listener of a service with strategy " + service.strategy());
        }
        if (service.targetGroups().size() != 1) {
            return Optional.of("the service has %d target groups, and nobody can say which is meant"
                    .formatted(service.targetGroups().size()));
        }
        var healthy = TaskHealth.healthyTasksOf(failing, snapshot).size();
        return healthy < service.desired()
                ? Optional.of("%d of %d tasks are healthy".formatted(healthy, service.desired()))
                : Optional.empty();
    }

    private static ActionPlan forward(ServiceSnapshot snapshot, List<ListenerRule> all) {
        Optional<Endpoint> endpoint;
        try {
            endpoint = Endpoint.of(snapshot.service().tags());
        } catch (IllegalArgumentException unreadable) {
            return new Refused(String.valueOf(unreadable.getMessage()));
        }
        if (endpoint.isEmpty()) {
            return new Refused("nobody can say which rule is meant without the tag " + Endpoint.TAG);
        }
        var port = endpoint.get().port();
        var rules = all.stream().filter(rule -> rule.port() == port).toList();
        var listeners = rules.stream().map(ListenerRule::listenerArn).distinct().count();
        if (listeners != 1) {
            return new Refused("%d listeners of the service's load balancers have port %d".formatted(listeners, port));
        }
        var group = snapshot.service().targetGroups().getFirst();
        if (rules.stream().anyMatch(rule -> rule.targetGroupArns().stream().anyMatch(arn -> !arn.equals(group)))) {
            return new Refused("the listener on port %d forwards to target groups of others too".formatted(port));
        }
        for (var rule : rules) {
            switch (rule.meets(endpoint.get().host(), endpoint.get().path())) {
                case YES -> {
                    return change(rule, group, endpoint.get(), snapshot);
                }
                case UNKNOWN -> {
                    return new Refused("%s asks for more than host and path".formatted(rule.name()));
                }
                case NO -> {}
            }
        }
        return new Refused("the default rule of the listener on port %d is not known".formatted(port));
    }

    private static ActionPlan change(ListenerRule rule, String group, Endpoint endpoint, ServiceSnapshot snapshot) {
        if (rule.targetGroupArns().contains(group)) {
            return new Overtaken("requests for %s are forwarded by now".formatted(endpoint.host()));
        }
        if (!rule.actionTypes().equals(List.of("fixed-response"))) {
            return new Refused("%s answers with %s, and only a fixed response is replaced"
                    .formatted(rule.name(), String.join(", ", rule.actionTypes())));
        }
        var service = snapshot.service();
        return new Steps(
                List.of(new Command.Forward(
                        service.ref(), rule.listenerArn(), rule.ruleArn(), rule.port(), group, rule.actions())),
                "requests for %s reach the service".formatted(endpoint.host()),
                service.primary()
                        .map(ServiceDescription.Rollout::taskDefinitionArn)
                        .orElseGet(service::taskDefinitionArn));
    }
}
