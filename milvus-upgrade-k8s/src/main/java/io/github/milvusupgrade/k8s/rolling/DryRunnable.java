package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.step.UpgradeStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A step that can say beforehand what it will write, so that the API server can judge it while nothing has been changed
 * yet. Asked by preflight; reads only.
 */
public interface DryRunnable extends UpgradeStep {

    /**
     * The patches that the step would begin with if it were applied now; none if it would change nothing.
     *
     * @param now the instance as it is
     * @param deployments its Deployments by name, as they were read for this
     * @param atMost how long reading may take
     * @throws io.github.milvusupgrade.error.UpgradeException if what they depend on cannot be read
     */
    List<PlannedPatch> patches(ClusterSnapshot now, Map<String, DeploymentView> deployments, Duration atMost);

    /** How many pods it starts beside old ones at the same time, by Deployment; none by default. */
    default Map<String, Integer> podsBeside() {
        return Map.of();
    }
}
