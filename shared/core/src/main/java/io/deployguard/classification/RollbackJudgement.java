package io.deployguard.classification;

/** Whether the last healthy revision would serve: the cause's usual answer, the rule's own, or what the facts force. */
final class RollbackJudgement {

    private RollbackJudgement() {}

    static RollbackHelps of(Finding finding, Scene scene) {
        RollbackHelps usual = finding.rule().rollback().orElse(finding.cause().rollback());
        RollbackHelps forced = usual;
        for (Line line : scene.lines()) {
            if (line.place() == Place.FACT) {
                String name = line.text().substring(0, Math.max(0, line.text().indexOf(':')));
                RollbackHelps answer = finding.cause().rollbackWhen().get(name);
                if (answer != null) {
                    // A fact that makes it help is stronger than one that speaks against it.
                    forced = forced == RollbackHelps.HELPS && usual != RollbackHelps.HELPS ? forced : answer;
                }
            }
        }
        return forced;
    }
}
