package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Nothing is being rolled out or torn down, and nothing is paused: somebody else would be at work already. */
record NoRolloutInProgress(LiveCluster live) implements Check {

    @Override
    public String id() {
        return "P10";
    }

    @Override
    public String title() {
        return "no rollout is going on or paused, and no pod is on its way out";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        List<String> busy = new ArrayList<>();
        for (Workload workload : snapshot.workloads()) {
            Optional<DeploymentView> deployment = live.deployment(workload);
            if (deployment.isEmpty()) {
                busy.add(workload.name() + " is gone");
                continue;
            }
            progress(deployment.get()).ifPresent(busy::add);
            live.podsOf(deployment.get()).stream()
                    .filter(PodView::deleting)
                    .map(pod -> "pod " + pod.name() + " of " + workload.name() + " is terminating")
                    .forEach(busy::add);
        }
        return busy.isEmpty()
                ? Finding.pass(id(), "All " + snapshot.workloads().size() + " Deployments are rolled out and at rest.")
                : Finding.fail(
                        id(),
                        "Something is going on in " + snapshot.id() + " already: " + String.join("; ", busy) + ".",
                        "Wait for it (kubectl rollout status), resume what is paused (kubectl rollout resume), then"
                                + " start again.");
    }

    private static Optional<String> progress(DeploymentView deployment) {
        if (deployment.paused()) {
            return Optional.of(deployment.name() + " is paused");
        }
        if (deployment.observedGeneration() < deployment.generation()) {
            return Optional.of(deployment.name() + " was changed a moment ago and is not settled yet");
        }
        if (deployment.updatedReplicas() < deployment.replicas()
                || deployment.currentReplicas() > deployment.updatedReplicas()) {
            return Optional.of(deployment.name() + " is being rolled out (" + deployment.updatedReplicas() + " of "
                    + deployment.replicas() + " pods updated, "
                    + Math.max(0, deployment.currentReplicas() - deployment.updatedReplicas()) + " old ones left)");
        }
        return Optional.empty();
    }
}
