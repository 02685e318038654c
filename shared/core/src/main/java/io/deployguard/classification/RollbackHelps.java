package io.deployguard.classification;

/** The usual answer to "would going back to the last healthy revision restore service?". Live facts can overrule it. */
public enum RollbackHelps {
    /** The defect lies in the image or the task definition. */
    HELPS("yes"),
    /** The defect lies outside both, or there is nothing to repair. */
    DOES_NOT_HELP("no"),
    /** It depends on what the revision changed. */
    DEPENDS("depends");

    private final String answer;

    RollbackHelps(String answer) {
        this.answer = answer;
    }

    /** {@code yes}, {@code no} or {@code depends}. */
    public String answer() {
        return answer;
    }
}
