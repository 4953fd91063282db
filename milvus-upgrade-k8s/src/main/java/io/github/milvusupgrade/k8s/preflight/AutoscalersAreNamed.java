package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.cluster.Workload;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which components somebody else scales during the upgrade; KEDA does it through HorizontalPodAutoscalers too. */
record AutoscalersAreNamed(LiveCluster live) implements Check {

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
        Set<String> names =
                snapshot.workloads().stream().map(Workload::name).collect(Collectors.toSet());
        List<String> scalers = live.autoscalers().stream()
                .filter(scaler -> scaler.targetKind().equals("Deployment") && names.contains(scaler.targetName()))
                .map(scaler -> scaler.name() + " scales " + scaler.targetName() + " between " + scaler.minReplicas()
                        + " and " + scaler.maxReplicas())
                .toList();
        return scalers.isEmpty()
                ? Finding.pass(id(), "No HorizontalPodAutoscaler scales a component of " + snapshot.id() + ".")
                : Finding.warn(
                        id(),
                        "HorizontalPodAutoscaler " + String.join("; ", scalers) + ".",
                        "Nothing has to be done: a rollout follows the number of pods that is wanted. To keep it still,"
                                + " set minReplicas and maxReplicas to it for the time of the upgrade.");
    }
}
