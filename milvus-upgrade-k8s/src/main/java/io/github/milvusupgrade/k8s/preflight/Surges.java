package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import java.util.List;
import java.util.stream.Collectors;

/** The pods that an upgrade starts beside old ones. */
@FunctionalInterface
interface Surges {

    /** Step by step; those of one step are there at the same time. Deployments without pods get none. */
    List<List<Surge>> of(ClusterSnapshot snapshot);

    /**
     * The pods of one Deployment.
     *
     * @param deployment the Deployment
     * @param pods how many more than it wants, at least one
     */
    record Surge(DeploymentView deployment, int pods) {}

    /** How many pods of which Deployments, for people: {@code 2 pods of a and one of b}. */
    static String text(List<Surge> together) {
        return together.stream()
                .map(surge -> (surge.pods() == 1 ? "one of " : surge.pods() + " of ")
                        + surge.deployment().name())
                .collect(Collectors.joining(", "));
    }
}
