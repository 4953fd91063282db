package io.github.milvusupgrade;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.run.Cancellation;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.UpgradeStep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** What a step sees of the run while it is captured or applied. */
final class RunningStep implements StepContext {

    private final RunRecorder recorder;
    private final ClusterSnapshot snapshot;
    private final RunLock.Held lock;
    private final Cancellation cancellation;
    private final RunAvailability availability;
    private final Clock clock;
    private final UpgradeStep step;
    private final Map<String, String> captured;
    private final boolean begunBefore;
    private final Instant deadline;

    RunningStep(
            RunRecorder recorder,
            ClusterSnapshot snapshot,
            RunLock.Held lock,
            Cancellation cancellation,
            RunAvailability availability,
            Clock clock,
            UpgradeStep step,
            Map<String, String> captured,
            boolean begunBefore,
            Instant since) {
        this.recorder = recorder;
        this.snapshot = snapshot;
        this.lock = lock;
        this.cancellation = cancellation;
        this.availability = availability;
        this.clock = clock;
        this.step = step;
        this.captured = Map.copyOf(captured);
        this.begunBefore = begunBefore;
        this.deadline = since.plus(step.timeout());
    }

    @Override
    public RunId run() {
        return recorder.run();
    }

    @Override
    public long fence() {
        return lock.fence();
    }

    @Override
    public ClusterSnapshot snapshot() {
        return snapshot;
    }

    @Override
    public Map<String, String> captured() {
        return captured;
    }

    @Override
    public boolean begunBefore() {
        return begunBefore;
    }

    @Override
    public void progress(String text) {
        recorder.stepProgressed(step, text);
    }

    @Override
    public void warn(String text) {
        progress(text);
        recorder.warn(text);
    }

    @Override
    public Duration remaining() {
        Duration left = Duration.between(clock.instant(), deadline);
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public void checkpoint() {
        if (cancellation.isRequested() || Thread.currentThread().isInterrupted()) {
            throw new UpgradeException(Code.CANCELLED, "the caller cancelled the run");
        }
        lock.ensureHeld();
        availability.checkpoint(step);
    }
}
