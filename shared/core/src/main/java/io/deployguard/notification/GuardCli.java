package io.deployguard.notification;

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
}
