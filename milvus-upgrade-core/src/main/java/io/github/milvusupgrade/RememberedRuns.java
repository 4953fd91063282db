package io.github.milvusupgrade;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.step.RunId;
import java.util.List;
import java.util.Optional;

/** The runs that the journal remembers of an instance, and what may follow on each of them. Reads only. */
final class RememberedRuns {

    private final ClusterId cluster;
    private final UpgradeJournal journal;

    RememberedRuns(ClusterId cluster, UpgradeJournal journal) {
        this.cluster = cluster;
        this.journal = journal;
    }

    List<JournaledRun> all() {
        return journal.runs(cluster);
    }

    Optional<JournaledRun> latestUnfinished() {
        return journal.unfinished(cluster);
    }

    JournaledRun known(RunId run) {
        return journal.read(run)
                .orElseThrow(() -> new UpgradeException(
                        Code.RUN_UNKNOWN,
                        "The journal of " + cluster + " knows no run " + run + "; it knows "
                                + all().stream().map(r -> r.header().run()).toList()
                                + ". Check the run id and the journal that is configured."));
    }

    /** A run that has not come to its end, so that somebody has to care for it. */
    JournaledRun unfinished(RunId run) {
        JournaledRun known = known(run);
        if (!known.status().unfinished()) {
            throw new UpgradeException(
                    Code.RUN_ENDED,
                    "Run " + run + " of " + cluster + " has ended (" + known.status()
                            + "): there is nothing to resume or to abandon. Make a new plan.");
        }
        return known;
    }

    /**
     * A run that may go on. No other one may be unfinished, and nothing of it may have been taken back: the journal
     * still calls those steps done, so they would be left out.
     */
    JournaledRun resumable(RunId run) {
        JournaledRun known = unfinished(run);
        journal.refuseConflict(known.header());
        all().stream()
                .filter(other -> run.equals(other.header().rollbackOf()))
                .filter(rollback -> !rollback.touched().isEmpty())
                .findFirst()
                .ifPresent(rollback -> {
                    throw new UpgradeException(
                            Code.RUN_ENDED,
                            "Cannot resume run " + run + " of " + cluster + ": run "
                                    + rollback.header().run() + " (" + rollback.status()
                                    + ") has taken back part of it."
                                    + " Go back with planRollback(\"" + run + "\"), or give it up with abandon(\"" + run
                                    + "\").");
                });
        return known;
    }

    /** A run that may be taken back: it has not been, it is no way back itself, and no later run stands on it. */
    JournaledRun revocable(RunId run) {
        JournaledRun known = known(run);
        if (known.status() == RunStatus.ROLLED_BACK || known.status() == RunStatus.ABANDONED) {
            throw new UpgradeException(
                    Code.RUN_ENDED,
                    "Run " + run + " of " + cluster + " has ended (" + known.status()
                            + "): there is nothing to take back.");
        }
        RunId original = known.header().rollbackOf();
        if (original != null) {
            throw cannotRollBack(
                    run,
                    "it is itself the way back from run " + original + ". "
                            + (known.status().unfinished()
                                    ? "Go on with resume(\"" + run + "\")."
                                    : "Plan the upgrade again."));
        }
        all().stream()
                .dropWhile(other -> !other.header().run().equals(run))
                .skip(1)
                .filter(RememberedRuns::changedTheInstance)
                .reduce((earlier, later) -> later)
                .ifPresent(later -> {
                    RunId laterRun = later.header().run();
                    throw cannotRollBack(
                            run,
                            "run " + laterRun + " (" + later.status() + ") came after it and stands on what it did."
                                    + " Take that one back first, with planRollback(\"" + laterRun + "\").");
                });
        return known;
    }

    private static boolean changedTheInstance(JournaledRun run) {
        return run.header().rollbackOf() == null
                && !run.touched().isEmpty()
                && run.status() != RunStatus.ROLLED_BACK
                && run.status() != RunStatus.ABANDONED;
    }

    private UpgradeException cannotRollBack(RunId run, String why) {
        return new UpgradeException(
                Code.ROLLBACK_IMPOSSIBLE, "Cannot roll back run " + run + " of " + cluster + ": " + why);
    }
}
