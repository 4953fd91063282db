package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.util.Map;

/**
 * The context of a step that is only asked what it would write: no run has begun, nobody listens, and there is nothing
 * to stop.
 */
record DryRunContext(ClusterSnapshot snapshot, Map<String, String> captured, Duration remaining)
        implements StepContext {

    private static final RunId NONE_YET = RunId.of("preflight");

    @Override
    public RunId run() {
        return NONE_YET;
    }

    @Override
    public long fence() {
        return 0;
    }

    @Override
    public void progress(String text) {
        // Nobody listens to a step that does not run.
    }

    @Override
    public void checkpoint() {
        // Nothing is written, so nothing has to be stopped.
    }
}
