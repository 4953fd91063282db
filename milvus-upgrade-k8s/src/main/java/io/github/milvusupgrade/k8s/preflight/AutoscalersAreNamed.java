package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import java.util.List;

/**
 * Which components somebody else scales during the upgrade; KEDA does it through HorizontalPodAutoscalers too.
 *
 * @param stopsInstance whether the upgrade needs all components to be stopped for a while
 */
record AutoscalersAreNamed(LiveCluster live, boolean stopsInstance) implements Check {

    @Override
    public String id() {
        return "P12";
    }

    @Override
    public String title() {
        return "no autoscaler changes the number of pods meanwhile";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        List<String> scalers = live.autoscalersOf(snapshot).stream()
                .map(scaler -> scaler.name() + " scales " + scaler.targetName() + " between " + scaler.minReplicas()
                        + " and " + scaler.maxReplicas())
                .toList();
        if (stopsInstance && !scalers.isEmpty()) {
            return Finding.fail(
                    id(),
                    "HorizontalPodAutoscaler " + String.join("; ", scalers)
                            + ", and would start pods while the metadata is converted.",
                    "Delete it for the time of the upgrade; its settings can be applied again afterwards.");
        }
        return scalers.isEmpty()
                ? Finding.pass(id(), "No HorizontalPodAutoscaler scales a component of " + snapshot.id() + ".")
                : Finding.warn(
                        id(),
                        "HorizontalPodAutoscaler " + String.join("; ", scalers) + ".",
                        "Nothing has to be done: a rollout follows the number of pods that is wanted. To keep it still,"
                                + " set minReplicas and maxReplicas to it for the time of the upgrade.");
    }
}
