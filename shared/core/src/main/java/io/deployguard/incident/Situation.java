package io.deployguard.incident;

import io.deployguard.action.Command;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.GithubDeployment;
import java.util.List;
import java.util.Optional;

/**
 * What the service looked like when the diagnosis was made, as far as a message tells it.
 *
 * @param failingTaskDefinitionArn what fails
 * @param healthyTaskDefinitionArn the last one that was healthy, absent when none is known
 * @param changes what the failing revision changed, by name and never by value, such as {@code image of web: 1.4.2 → 1.5.0}
 * @param servingOld tasks of earlier revisions that run now
 * @param servingNew healthy tasks of the failing revision
 * @param failedTask id of the task whose evidence decided
 * @param logStream where its log is, as {@code group:stream}
 * @param gaps what the guard could not see, and why
 * @param mode of the service when it was decided
 * @param recurrence when the service has failed for the same cause before
 * @param releasedBefore the last successful deployment of CodeDeploy before this one, for a service of its
 * @param github the deployment whose status tells a pipeline of this one, when the pipeline has named it
 * @param intended the command of a remedy that may only do what was seen, as it was seen; with what it takes the place of; else the answer that goes
 *     back from the pause hook at which the deployment waits
 */
public record Situation(
        String failingTaskDefinitionArn,
        Optional<String> healthyTaskDefinitionArn,
        List<String> changes,
        int servingOld,
        int servingNew,
        int desired,
        Optional<String> serviceDeploymentArn,
        Optional<String> failedTask,
        Optional<LogStream> logStream,
        List<String> gaps,
        String mode,
        Optional<Recurrence> recurrence,
        Optional<GithubDeployment> github,
        Optional<Command> intended,
        Optional<CodeDeployRef> releasedBefore) {

    public Situation {
        changes = List.copyOf(changes);
        gaps = List.copyOf(gaps);
    }

    /** How to go back while the deployment waits at a pause hook. */
    public Optional<Command.ContinueServiceDeployment> answerToHook() {
        return intended.filter(Command.ContinueServiceDeployment.class::isInstance)
                .map(Command.ContinueServiceDeployment.class::cast);
    }

    /** The same with what the guard remembers. */
    public Situation withRecurrence(Optional<Recurrence> known) {
        return with(known, github);
    }

    /** The same of this deployment of a pipeline's. */
    public Situation withGithub(Optional<GithubDeployment> known) {
        return with(recurrence, known);
    }

    private Situation with(Optional<Recurrence> recurring, Optional<GithubDeployment> deployment) {
        return new Situation(
                failingTaskDefinitionArn,
                healthyTaskDefinitionArn,
                changes,
                servingOld,
                servingNew,
                desired,
                serviceDeploymentArn,
                failedTask,
                logStream,
                gaps,
                mode,
                recurring,
                deployment,
                intended,
                releasedBefore);
    }

    /** A CloudWatch log stream. */
    public record LogStream(String region, String group, String stream) {}
}
