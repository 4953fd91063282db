package io.github.milvusupgrade;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
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
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            admit(known, resumed);
            return measured(known, resumed, recorder);
        } catch (UpgradeException e) {
            return recorder.couldNotBegin(e.code(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return recorder.couldNotBegin(
                    Code.CANCELLED, "Interrupted before the run of " + plan.cluster() + " could begin.");
        }
    }

    private UpgradeReport measured(JournaledRun known, boolean resumed, RunRecorder recorder)
            throws InterruptedException {
        try (RunAvailability availability = RunAvailability.begin(upgrader, plan, recorder)) {
            PreflightReport preflight = new Preflight(upgrader.cluster(), upgrader.waivers()).of(plan, known.touched());
            recorder.preflightFinished(preflight);
            if (preflight.blocked()) {
                return recorder.blocked(preflight);
            }
            availability.before(cancellation, resumed);
            RunLock.Held lock = upgrader.cluster().lock().acquire(plan.cluster(), recorder.run());
            try {
                runLocked(known, resumed, recorder, lock, availability);
            } finally {
                giveBack(lock, recorder);
            }
            return recorder.finish();
        }
    }

    private void runLocked(
            JournaledRun known,
            boolean resumed,
            RunRecorder recorder,
            RunLock.Held lock,
            RunAvailability availability) {
        JournaledRun current = admit(known, resumed);
        if (!resumed) {
            Uninterrupted.run(() -> upgrader.journal().begin(current.header()));
        }
        FencedJournal journal = new FencedJournal(upgrader.journal(), recorder.run(), lock, upgrader.clock());
        StageRunner stages =
                new StageRunner(upgrader, plan, current, recorder, journal, lock, cancellation, availability);
        for (List<PlannedStep> stage : plan.stages()) {
            if (!stages.run(stage)) {
                break;
            }
        }
        availability.after(cancellation);
        close(recorder, journal);
    }

    /**
     * Refuse what must not run, and answer what the journal knows of the run now. Asked again under the lock, because
     * until then another process may have begun, resumed or taken back a run.
     */
    private JournaledRun admit(JournaledRun known, boolean resumed) {
        if (resumed) {
            return upgrader.remembered().resumable(known.header().run());
        }
        upgrader.journal().refuseConflict(known.header());
        upgrader.planner().refuseUnrepeatable(plan);
        return known;
    }

    /** Writes the end of the run down; a journal that cannot be written then leaves a run that can still be resumed. */
    private void close(RunRecorder recorder, FencedJournal journal) {
        RunStatus status = switch (recorder.outcome()) {
            case SUCCEEDED -> RunStatus.SUCCEEDED;
            case CANCELLED -> RunStatus.CANCELLED;
            case FAILED, BLOCKED -> RunStatus.FAILED;
        };
        try {
            if (status == RunStatus.SUCCEEDED) {
                plan.rollbackOf().ifPresent(original -> journal.end(original, RunStatus.ROLLED_BACK));
            }
            journal.end(recorder.run(), status);
        } catch (UpgradeException e) {
            recorder.warn("The end of the run could not be recorded: " + e.getMessage());
            if (recorder.outcome() == Outcome.SUCCEEDED) {
                recorder.warn("Everything was done; resume the run once the journal can be written, to close it.");
            }
        }
    }

    private static void giveBack(RunLock.Held lock, RunRecorder recorder) {
        try {
            Uninterrupted.run(lock::close);
        } catch (UpgradeException e) {
            recorder.warn("The lock could not be given back: " + e.getMessage());
        }
    }
}
