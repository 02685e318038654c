package io.deployguard.classification;

import java.util.List;

/** A catalogue has faults; the message lists all of them, each with its file and line. */
public final class CatalogException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    CatalogException(List<String> problems) {
        super("catalogue: " + problems.size() + " problem(s)\n" + String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence each, beginning with {@code file:line:}. */
    public List<String> problems() {
        return problems;
    }
}
