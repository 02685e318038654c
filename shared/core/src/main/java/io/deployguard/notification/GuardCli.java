package io.deployguard.notification;

import java.time.Duration;
import java.util.UUID;

/** Lines of the guard's own command line that can be pasted. */
public final class GuardCli {

    /** Lists what the guard remembers. */
    public static final String LIST = "./deploy-guard incidents";

    private GuardCli() {}

    public static String approve(UUID incident) {
        return "./deploy-guard incidents approve " + incident;
    }

    public static String refuse(UUID incident) {
        return "./deploy-guard incidents refuse " + incident;
    }

    public static String shadow(Duration since) {
        return "./deploy-guard incidents shadow --since %dd".formatted(since.toDays());
    }

    public static String stats(Duration since) {
        return "./deploy-guard incidents stats --since %dd".formatted(since.toDays());
    }
}
