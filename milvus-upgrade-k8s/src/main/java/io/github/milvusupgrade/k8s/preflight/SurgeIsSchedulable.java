package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.NodeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Some node takes one more pod of each component, as far as can be seen: pods of other namespaces are not counted, and
 * a cluster autoscaler may bring a node that is not there yet. So this only warns; the rollout says for certain.
 */
record SurgeIsSchedulable(LiveCluster live) implements Check {

    @Override
    public String id() {
        return "P15";
    }

    @Override
    public String title() {
        return "some node takes one more pod of each component";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Optional<List<NodeView>> nodes = live.nodes();
        if (nodes.isEmpty()) {
            return Finding.warn(
                    id(),
                    "Nodes may not be read by this account, so whether one takes one more pod of each component is not"
                            + " known.",
                    "If the cluster is nearly full, allow the account to list nodes and start again.");
        }
        List<String> homeless = new ArrayList<>();
        for (DeploymentView deployment : live.deployments(snapshot)) {
            if (deployment.replicas() > 0) {
                homeless(deployment, nodes.get()).ifPresent(homeless::add);
            }
        }
        return homeless.isEmpty()
                ? Finding.pass(
                        id(),
                        "For one more pod of each component there is a node among "
                                + nodes.get().size() + ", not counting what other namespaces use.")
                : Finding.warn(
                        id(),
                        "No node takes one more pod of " + String.join("; ", homeless) + ".",
                        "Make room or add a node; a cluster autoscaler may do it. Otherwise the rollout says"
                                + " Unschedulable within a minute and leaves the old pods running.");
    }

    private Optional<String> homeless(DeploymentView deployment, List<NodeView> nodes) {
        PodNeeds needs = PodNeeds.of(deployment, live.podsOf(deployment));
        Map<String, Long> reasons = new TreeMap<>();
        for (NodeView node : nodes) {
            Optional<String> reason = new NodeFit(node, nodes, live.pods()).obstacle(needs);
            if (reason.isEmpty()) {
                return Optional.empty();
            }
            reasons.merge(reason.get(), 1L, Long::sum);
        }
        return Optional.of(deployment.name()
                + reasons.entrySet().stream()
                        .map(reason -> reason.getValue() + " " + reason.getKey())
                        .collect(Collectors.joining(", ", " (of " + nodes.size() + " nodes: ", ")")));
    }
}
