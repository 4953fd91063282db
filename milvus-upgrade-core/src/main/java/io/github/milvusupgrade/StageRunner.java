package io.github.milvusupgrade;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.JournalEntry;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.plan.PlannedStep;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.Cancellation;
import io.github.milvusupgrade.run.Outcome;
import io.github.milvusupgrade.run.StepReport;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.UpgradeStep;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of a stage: capture, write down the intent, apply, write down the outcome. What the journal says is
 * done is left alone; what it says was begun is applied with what was captured then.
 */
final class StageRunner {

    private static final Logger LOG = LoggerFactory.getLogger(StageRunner.class);

    private final Upgrader upgrader;
    private final UpgradePlan plan;
    private final JournaledRun known;
    private final RunRecorder recorder;
    private final FencedJournal journal;
    private final RunLock.Held lock;
    private final Cancellation cancellation;
    private final RunAvailability availability;

    StageRunner(
            Upgrader upgrader,
            UpgradePlan plan,
            JournaledRun known,
            RunRecorder recorder,
            FencedJournal journal,
            RunLock.Held lock,
            Cancellation cancellation,
            RunAvailability availability) {
        this.upgrader = upgrader;
        this.plan = plan;
        this.known = known;
        this.recorder = recorder;
        this.journal = journal;
        this.lock = lock;
        this.cancellation = cancellation;
        this.availability = availability;
    }

    /** Run one stage to its end; answers whether the next one may begin. */
    boolean run(List<PlannedStep> stage) {
        Executor executor = upgrader.executor();
        if (executor == null || stage.size() == 1) {
            for (PlannedStep planned : stage) {
                if (!mayGoOn()) {
                    return false;
                }
                runStep(planned);
            }
        } else if (mayGoOn()) {
            runTogether(stage, executor);
        }
        return recorder.outcome() == Outcome.SUCCEEDED;
    }

    private boolean mayGoOn() {
        if (recorder.outcome() != Outcome.SUCCEEDED) {
            return false;
        }
        if (cancellation.isRequested() || Thread.currentThread().isInterrupted()) {
            recorder.stopped(Code.CANCELLED, "Cancelled between two steps.");
            return false;
        }
        return availability.mayGoOn();
    }

    /** The lock is held until the last of them is over, so an interrupt cancels them and is passed on afterwards. */
    private void runTogether(List<PlannedStep> stage, Executor executor) {
        CountDownLatch running = new CountDownLatch(stage.size());
        Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        for (PlannedStep planned : stage) {
            Instant asked = upgrader.clock().instant();
            try {
                executor.execute(() -> runOnExecutor(planned, running, thrown));
            } catch (RejectedExecutionException e) {
                fail(planned.step(), Code.STEP_FAILED, "the executor did not take it: " + e.getMessage(), asked);
                running.countDown();
            }
        }
        awaitAll(running);
        rethrow(thrown);
    }

    private void runOnExecutor(PlannedStep planned, CountDownLatch running, Queue<Throwable> thrown) {
        try {
            runStep(planned);
        } catch (RuntimeException | Error e) {
            thrown.add(e);
        } finally {
            running.countDown();
        }
    }

    /** What breaks the run on one thread breaks it on many: it must not end with the thread of the executor. */
    private static void rethrow(Queue<Throwable> thrown) {
        Throwable first = thrown.peek();
        if (first instanceof Error error) {
            throw error;
        }
        if (first instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void awaitAll(CountDownLatch running) {
        boolean interrupted = false;
        while (running.getCount() > 0) {
            try {
                running.await();
            } catch (InterruptedException e) {
                interrupted = true;
                cancellation.cancel();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void runStep(PlannedStep planned) {
        UpgradeStep step = planned.step();
        Instant since = recorder.stepStarted(planned);
        if (known.isDone(step.id())) {
            recorder.stepFinished(
                    step, StepReport.Status.DONE_BEFORE, "done in an earlier execution of this run", since);
            return;
        }
        try {
            StepResult result = captureAndApply(step, since);
            boolean applied = result instanceof StepResult.Applied;
            journal.record(
                    applied ? JournalEntry.Event.APPLIED : JournalEntry.Event.ALREADY_APPLIED,
                    step,
                    Map.of(JournalEntry.SUMMARY, result.summary()));
            recorder.stepFinished(
                    step,
                    applied ? StepReport.Status.APPLIED : StepReport.Status.ALREADY_APPLIED,
                    result.summary(),
                    since);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(step, Code.CANCELLED, "the thread was interrupted", since);
        } catch (UpgradeException e) {
            fail(step, e.code(), e.getMessage(), since);
        } catch (RuntimeException e) {
            LOG.warn("[{}] step {} threw an unexpected exception", recorder.run(), step.id(), e);
            fail(step, Code.STEP_FAILED, e.toString(), since);
        }
    }

    private StepResult captureAndApply(UpgradeStep step, Instant since) throws InterruptedException {
        Map<String, String> captured = known.captured(step.id()).orElse(null);
        boolean begunBefore = captured != null;
        if (captured == null) {
            RunningStep capturing = context(step, Map.of(), false, since);
            capturing.checkpoint();
            captured = step.capture(capturing);
            journal.record(JournalEntry.Event.STARTED, step, captured);
        }
        RunningStep applying = context(step, captured, begunBefore, since);
        applying.checkpoint();
        return step.apply(applying);
    }

    private RunningStep context(UpgradeStep step, Map<String, String> captured, boolean begunBefore, Instant since) {
        return new RunningStep(
                recorder,
                plan.snapshot(),
                lock,
                cancellation,
                availability,
                upgrader.clock(),
                step,
                captured,
                begunBefore,
                since);
    }

    private void fail(UpgradeStep step, Code code, String message, Instant since) {
        recorder.stepFailed(step, code, message, since);
        try {
            journal.record(JournalEntry.Event.STEP_FAILED, step, Map.of(JournalEntry.SUMMARY, code + " " + message));
        } catch (UpgradeException e) {
            recorder.warn("The failure of step " + step.id() + " could not be recorded: " + e.getMessage());
        }
    }
}
