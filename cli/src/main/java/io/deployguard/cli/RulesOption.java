package io.deployguard.cli;

import io.deployguard.aws.AwsClients;
import io.deployguard.aws.rules.OwnRules;
import io.deployguard.classification.CauseCatalog;
import io.deployguard.classification.RuleLocation;
import io.deployguard.fault.GuardFault;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Rules of one's own. A person who tries them wants to know of every fault, where a function would go on without the document. */
final class RulesOption {

    @Option(
            names = "--rules",
            paramLabel = "PLACE",
            description = "rules of your own beside the bundled ones: a folder, s3://bucket/folder/ or ssm:/path")
    @Nullable
    String place;

    /**
     * The bundled causes with the rules of the place.
     *
     * @throws DeployGuard.Unusable when the place cannot be read, or a document in it has a fault
     */
    CauseCatalog catalog(Supplier<AwsClients> clients) {
        var bundled = CauseCatalog.load();
        if (place == null) {
            return bundled;
        }
        try {
            var reading = OwnRules.at(RuleLocation.parse(place), clients).read();
            var extended = bundled.with(reading.documents());
            var problems = new java.util.ArrayList<>(reading.problems());
            problems.addAll(extended.problems());
            if (!problems.isEmpty()) {
                throw new DeployGuard.Unusable("rules of " + place + ":\n" + String.join("\n", problems));
            }
            return extended.catalog();
        } catch (GuardFault | IllegalArgumentException unusable) {
            throw new DeployGuard.Unusable(String.valueOf(unusable.getMessage()));
        }
    }
}
