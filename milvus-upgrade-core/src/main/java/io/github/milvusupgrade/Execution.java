package io.github.milvusupgrade;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.JournalEntry;
import io.github.milvusupgrade.journal.JournalHeader;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.plan.PlannedStep;
import io.github.milvusupgrade.plan.PreflightReport;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.Cancellation;
import io.github.milvusupgrade.run.Outcome;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.RunId;
import java.util.List;

/** One execution of a plan, from preflight to report. Used once, by one thread. */
final class Execution {

    private final Upgrader upgrader;
    private final UpgradePlan plan;
    private final Cancellation cancellation;

    Execution(Upgrader upgrader, UpgradePlan plan, Cancellation cancellation) {
        this.upgrader = upgrader;
        this.plan = plan;
        this.cancellation = cancellation;
    }

    UpgradeReport begin() {
        RunId run = RunIds.next(upgrader.clock());
        JournalHeader header = new JournalHeader(
                run,
                plan.cluster(),
                upgrader.clock().instant().toString(),
                plan.toJson(),
                plan.rollbackOf().orElse(null),
                upgrader.waivers());
        return run(new JournaledRun(header, List.of()), false);
    }

    UpgradeReport resume(JournaledRun known) {
        return run(known, true);
    }

    private UpgradeReport run(JournaledRun known, boolean resumed) {
        RunRecorder recorder = new RunRecorder(upgrader, plan, known, resumed);
        try {
            if (!resumed) {
                upgrader.journal().refuseConflict(known.header());
            }
            PreflightReport preflight = new Preflight(upgrader.cluster(), upgrader.waivers())
                    .of(plan, resumed || plan.rollbackOf().isPresent());
            recorder.preflightFinished(preflight);
            if (preflight.blocked()) {
                return recorder.blocked(preflight);
            }
            try (RunLock.Held lock = upgrader.cluster().lock().acquire(plan.cluster(), recorder.run())) {
                return runLocked(known, resumed, recorder, lock);
            }
        } catch (UpgradeException e) {
            return recorder.couldNotBegin(e.code(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return recorder.couldNotBegin(
                    Code.CANCELLED, "Interrupted while waiting for the lock of " + plan.cluster() + ".");
        }
    }

    private UpgradeReport runLocked(JournaledRun known, boolean resumed, RunRecorder recorder, RunLock.Held lock) {
        if (!resumed) {
            upgrader.journal().begin(known.header());
        }
        StageRunner stages = new StageRunner(upgrader, plan, known, recorder, lock, cancellation);
        for (List<PlannedStep> stage : plan.stages()) {
            if (!stages.run(stage)) {
                break;
            }
        }
        close(recorder);
        return recorder.finish();
    }

    /** Writes the end of the run down; a journal that cannot be written then leaves a run that can still be resumed. */
    private void close(RunRecorder recorder) {
        String now = upgrader.clock().instant().toString();
        RunStatus status = switch (recorder.outcome()) {
            case SUCCEEDED -> RunStatus.SUCCEEDED;
            case CANCELLED -> RunStatus.CANCELLED;
            case FAILED, BLOCKED -> RunStatus.FAILED;
        };
        try {
            if (status == RunStatus.SUCCEEDED) {
                plan.rollbackOf()
                        .ifPresent(original ->
                                upgrader.journal().append(original, JournalEntry.ended(now, RunStatus.ROLLED_BACK)));
            }
            upgrader.journal().append(recorder.run(), JournalEntry.ended(now, status));
        } catch (UpgradeException e) {
            recorder.warn("The end of the run could not be recorded: " + e.getMessage());
            if (recorder.outcome() == Outcome.SUCCEEDED) {
                recorder.warn("Everything was done; resume the run once the journal can be written, to close it.");
            }
        }
    }
}
