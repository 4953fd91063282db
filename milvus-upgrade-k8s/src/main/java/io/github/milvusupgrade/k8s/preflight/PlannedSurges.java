package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.k8s.rolling.DryRunnable;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The surges of a plan, as its steps tell them. Deployments of which none tells get one more pod, one after the other.
 */
record PlannedSurges(LiveCluster live, PlannedWrites writes) implements Surges {

    @Override
    public List<List<Surge>> of(ClusterSnapshot snapshot) {
        List<DeploymentView> deployments = live.deployments(snapshot).stream()
                .filter(deployment -> deployment.replicas() > 0)
                .toList();
        List<List<Surge>> steps = new ArrayList<>();
        Set<String> told = new HashSet<>();
        for (DryRunnable step : writes.steps()) {
            Map<String, Integer> beside = step.podsBeside();
            List<Surge> together = deployments.stream()
                    .filter(deployment -> beside.containsKey(deployment.name()))
                    .map(deployment -> new Surge(deployment, Objects.requireNonNull(beside.get(deployment.name()))))
                    .toList();
            together.forEach(surge -> told.add(surge.deployment().name()));
            if (!together.isEmpty()) {
                steps.add(together);
            }
        }
        deployments.stream()
                .filter(deployment -> !told.contains(deployment.name()))
                .map(deployment -> List.of(new Surge(deployment, 1)))
                .forEach(steps::add);
        return steps;
    }
}
