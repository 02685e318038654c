package io.deployguard.ecs;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The accounts that this guard looks after: its own, and those that its operator has listed.
 *
 * @param own absent where nobody has said which it is, as in a local run: every account counts as its own then
 * @param listed ids of further accounts; the guard's own among them when other regions of it are looked after too
 * @param names what people call accounts, by id
 */
public record Accounts(Optional<String> own, Set<String> listed, Map<String, String> names) {

    /** The one account that the guard runs in, whichever it is. */
    public static final Accounts OWN = new Accounts(Optional.empty(), Set.of(), Map.of());

    public Accounts {
        listed = Set.copyOf(listed);
        names = Map.copyOf(names);
        if (own.isEmpty() && !listed.isEmpty()) {
            throw new IllegalArgumentException("the guard's own account beside the listed ones, got none");
        }
    }

    /** Whether events of the account are taken in, and its services looked at. */
    public boolean includes(String account) {
        return own.map(account::equals).orElse(true) || listed.contains(account);
    }

    /** Whether a service's name alone does not tell where it runs. */
    public boolean areSeveral() {
        return !listed.isEmpty();
    }

    /** {@code prod}, or the id of an account without a name. */
    public String nameOf(String account) {
        return names.getOrDefault(account, account);
    }

    /** {@code prod (123456789012)}, or the id of an account without a name. */
    public String describe(String account) {
        return names.containsKey(account) ? "%s (%s)".formatted(names.get(account), account) : account;
    }
}
