package io.deployguard.aws.rules;

import io.deployguard.aws.AwsClients;
import io.deployguard.classification.RuleLocation;
import io.deployguard.classification.RuleSource;
import java.util.function.Supplier;

/** From the place of an operator's rules to what reads them there. */
public final class OwnRules {

    private OwnRules() {}

    /**
     * What reads the rules of that place.
     *
     * @param clients asked only for a place at AWS: a folder needs neither region nor credentials
     */
    public static RuleSource at(RuleLocation location, Supplier<AwsClients> clients) {
        return switch (location) {
            case RuleLocation.S3 s3 -> new S3Rules(s3, clients.get());
            case RuleLocation.Ssm ssm -> new SsmRules(ssm, clients.get());
            case RuleLocation.Folder(var path) -> new FolderRules(path);
        };
    }
}
