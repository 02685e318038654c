package io.deployguard.decision;

import io.deployguard.action.RollBack;
import io.deployguard.classification.RollbackHelps;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The tables of the decision as a page for people. */
final class DecisionPage {

    private DecisionPage() {}

    static String page() {
        return """
                # How it decides

                Written from the tables in the code (`DecisionPolicy`, `RollbackOutlook`, `ModeSettings`, `RollBack`, `ActionBudget`); a test holds
                them together. Every table is read from top to bottom, and the first row that applies answers. Each decision names its row and every
                fact that was before it: `./deploy-guard incidents show ID`, under *Decided on*.

                The guard *acts*, *asks* a person, *advises* one, or *stands down*. Text from logs, tags, names and reasons chooses a cause at most,
                never an action.

                ## The decision

                %s
                Facts that it reads: %s.

                What was decided may be taken back later, on the same facts, by a rule that is no row: `tasks-are-well` (nothing but an unreachable
                endpoint, an unchanged image or its log speaks against the release), `preflight` (last table), `plan-expired` (nobody carried it out within
                15 minutes), `begun-not-completed` (an action of several steps that did not get to its last one), `approval-granted`, `approval-refused`, `approval-expired`, `approval-superseded`, `out-of-sight` (the service could not be
                looked at).

                ## The outlook: would a rollback help?

                The cause's usual answer, which its [page](causes/README.md) gives, is overruled by what is the case right now.

                %s
                A target is *proven* when its deployment completed and it was not found failing since; one that fails now, or was put there by a
                rollback, is none, and neither is one whose images were deleted from Amazon ECR; the next older one is looked at then. Tasks count as healthy when every check that they have passes: container health check and target groups; without
                any, after 40 s of running.

                ## The mode

                | # | when | mode |
                |---|---|---|
                | 1 | the tag `%s` cannot be read | `observe` |
                | 2 | the service has the tag | the tag's; `DEPLOY_GUARD_MODE_OF_CAUSES` counts where it is more careful for this cause |
                | 3 | `DEPLOY_GUARD_MODE_OF_CAUSES` names the cause | that one |
                | 4 | otherwise | `DEPLOY_GUARD_MODE`, which is `observe` unless set |

                ## The budget

                Automatic action pauses in the whole account and region after %d commands within an hour (`DEPLOY_GUARD_ACTIONS_PER_HOUR`), and while more
                than %d services began to fail within %d s (`DEPLOY_GUARD_STORM_SERVICES`), until %d minutes after the last of them. After an action it
                pauses for the same service for %d minutes. A person's consent stands above it.

                ## Approval

                A decision to ask opens a request that ends exactly once: granted, refused, expired (`DEPLOY_GUARD_ASK_FOR`) or superseded. A conditional
                update in the database decides between two people. A grant counts as mode `auto` for this one incident; nothing else of what follows is
                left out for it. When the world has moved on by then the request ends as superseded, nothing is done, and the message says so.

                ## Before anything is changed

                The actor holds the lease of the service, looks at it afresh and asks again, in this order. What is *overtaken* need not be done any more;
                what is *refused* is left to a person.

                %s
                Then it chooses the command: while the deployment runs `StopServiceDeployment`, or `ContinueServiceDeployment` with `ROLLBACK` where it
                waits at a pause hook, or CodeDeploy's `StopDeployment` where the deployment is CodeDeploy's, unless ECS or CodeDeploy would go back to another revision than the proven one; afterwards `UpdateService` with the full ARN of the proven task definition, unless that is the failing one's own. Mode and
                budget are asked again. A target that was replaced within ten minutes after it had become steady is refused as long as another one is
                known: it may have had no time to fail. The one automatic action that a failing revision will ever get is claimed by a unique key, and the command is in
                the journal before it is sent.

                A rollback by `UpdateService` to a task definition that is INACTIVE is no plan, unless `re-register-then-roll-back` is
                [allowed](configuration.md#a-target-that-was-deregistered): then a copy of it is registered first, or found, and deployed.

                The other remedies are asked the same, but for `earlier-tasks`, are refused where CodeDeploy deploys, and have their own conditions
                ([the migration task](configuration.md#the-migration-task), [a listener that leads nowhere](configuration.md#a-listener-that-leads-nowhere),
                [a crash loop that nothing cures](configuration.md#a-crash-loop-that-nothing-cures)). The last two only do what was seen at the diagnosis, and nothing
                once that has changed; a listener is changed for a release whose tasks are well. Each of their steps is looked at afresh: what was begun is continued by whoever comes
                next, never begun twice, and left to a person when it does not end within an hour. The budget is asked before the first of them.
                """.formatted(
                        table(
                                List.of("when", "then"),
                                DecisionPolicy.TABLE.stream()
                                        .map(row -> List.of(row.id(), row.when(), row.then()))
                                        .toList()),
                        DecisionPolicyTest.cases().getFirst().inputNames(),
                        table(
                                List.of("when", "would a rollback help?"),
                                RollbackOutlook.TABLE.stream()
                                        .map(row -> List.of(row.id(), row.when(), answer(row.helps())))
                                        .toList()),
                        Mode.TAG,
                        ActionBudget.DEFAULT.actionsPerHour(),
                        ActionBudget.DEFAULT.services(),
                        ActionBudget.DEFAULT.window().toSeconds(),
                        ActionBudget.STORM_PAUSE.toMinutes(),
                        ActionBudget.COOLDOWN.toMinutes(),
                        table(
                                List.of("it objects when"),
                                RollBack.checks().stream()
                                        .map(check -> List.of(check.id(), check.when()))
                                        .toList()));
    }

    private static String table(List<String> heads, List<List<String>> rows) {
        var table = new StringBuilder(
                "| # | rule | %s |\n|---|---|%s\n".formatted(String.join(" | ", heads), "---|".repeat(heads.size())));
        IntStream.range(0, rows.size())
                .forEach(n -> table.append("| %d | `%s` | %s |\n"
                        .formatted(
                                n + 1,
                                rows.get(n).getFirst(),
                                rows.get(n).stream().skip(1).collect(Collectors.joining(" | ")))));
        return table.toString();
    }

    private static String answer(RollbackHelps helps) {
        return switch (helps) {
            case HELPS -> "yes";
            case DOES_NOT_HELP -> "no";
            case DEPENDS -> "it depends";
        };
    }
}
