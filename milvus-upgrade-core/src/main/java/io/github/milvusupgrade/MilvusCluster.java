package io.github.milvusupgrade;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.path.UpgradePath;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a Milvus instance lives and how work is done there. The Kubernetes module implements it; tests and other
 * platforms may. Implementations are safe for many threads.
 */
public interface MilvusCluster {

    /** Which instance. */
    ClusterId id();

    /**
     * Find out what runs, reading only.
     *
     * @throws io.github.milvusupgrade.error.UpgradeException if the instance cannot be found or read
     */
    ClusterSnapshot inspect();

    /**
     * Find out what the steps of a path need to know beside the snapshot, reading only: facts that would not be the
     * same days later, such as which chart is the newest. Asked once, when a plan is made; they become part of it.
     * Nothing by default.
     *
     * @param path the hops that will be planned
     * @param snapshot the instance as it was found
     * @return the snapshot, with more facts
     * @throws io.github.milvusupgrade.error.UpgradeException if something that the path needs cannot be found
     */
    default ClusterSnapshot prepare(UpgradePath path, ClusterSnapshot snapshot) {
        return snapshot;
    }

    /**
     * The steps of one hop, stage by stage. A pure function of its arguments: the same ones give the same steps, in
     * another process and days later, because that is how a run is resumed.
     *
     * @param hop where from and where to, by which rule
     * @param snapshot the instance as it was found before the first hop, and prepared
     * @param image the image that the caller chose for the end of this hop, if any
     * @throws io.github.milvusupgrade.error.UpgradeException with {@code PATH_NOT_EXECUTABLE} if this kind of hop
     *     cannot be executed here
     */
    List<List<UpgradeStep>> stagesFor(Hop hop, ClusterSnapshot snapshot, Optional<ImageReference> image);

    /** What must be true before the plan may start, or go on if {@code begun}; reading only. */
    List<Check> checksFor(UpgradePlan plan, boolean begun);

    /** Where runs of this instance are remembered unless the caller chooses another journal. */
    UpgradeJournal journal();

    /** The lock against a second run of the instance. */
    RunLock lock();

    /** How many requests were sent so far, by verb and resource; empty where nobody counts. */
    default Map<String, Long> requests() {
        return Map.of();
    }
}
