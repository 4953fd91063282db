package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.NodeView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Nodes take the pods that start beside old ones, as far as can be seen: pods of other namespaces are not counted, a
 * cluster autoscaler may bring a node that is not there yet, and the scheduler may find a better place for one of them.
 * So this only warns; the rollout says for certain.
 */
record SurgeIsSchedulable(LiveCluster live, Surges surges) implements Check {

    @Override
    public String id() {
        return "P15";
    }

    @Override
    public String title() {
        return "nodes take the pods that start beside old ones";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Optional<List<NodeView>> nodes = live.nodes();
        if (nodes.isEmpty()) {
            return Finding.warn(
                    id(),
                    "Nodes may not be read by this account, so whether they take the pods that start beside old ones is"
                            + " not known.",
                    "If the cluster is nearly full, allow the account to list nodes and start again.");
        }
        Set<String> homeless = new LinkedHashSet<>();
        surges.of(snapshot).forEach(together -> homeless.addAll(homeless(together, nodes.get())));
        return homeless.isEmpty()
                ? Finding.pass(
                        id(),
                        "For the pods that start beside old ones there is room on "
                                + (nodes.get().size() == 1
                                        ? "the one node"
                                        : nodes.get().size() + " nodes")
                                + ", not counting what other namespaces use.")
                : Finding.warn(
                        id(),
                        "No node takes one more pod of " + String.join("; ", homeless) + ".",
                        "Make room or add a node; a cluster autoscaler may do it. Otherwise the rollout says"
                                + " Unschedulable within a minute and leaves the old pods running.");
    }

    /** Pods of one step are given places one after the other: each takes room from the next. */
    private List<String> homeless(List<Surges.Surge> together, List<NodeView> nodes) {
        List<String> homeless = new ArrayList<>();
        List<PodView> pods = new ArrayList<>(live.pods());
        for (Surges.Surge surge : together) {
            DeploymentView deployment = surge.deployment();
            PodNeeds needs = PodNeeds.of(deployment, live.podsOf(deployment));
            for (int pod = 1; pod <= surge.pods(); pod++) {
                Map<String, Long> reasons = new TreeMap<>();
                Optional<NodeView> place = place(needs, nodes, pods, reasons);
                if (place.isEmpty()) {
                    homeless.add(deployment.name()
                            + describe(
                                    reasons,
                                    nodes.size(),
                                    pods.size() - live.pods().size()));
                    break;
                }
                pods.add(needs.placed(deployment, place.get().name()));
            }
        }
        return homeless;
    }

    private static Optional<NodeView> place(
            PodNeeds needs, List<NodeView> nodes, List<PodView> pods, Map<String, Long> reasons) {
        for (NodeView node : nodes) {
            Optional<String> obstacle = new NodeFit(node, nodes, pods).obstacle(needs);
            if (obstacle.isEmpty()) {
                return Optional.of(node);
            }
            reasons.merge(obstacle.get(), 1L, Long::sum);
        }
        return Optional.empty();
    }

    private static String describe(Map<String, Long> reasons, int nodes, int placed) {
        String beside = placed == 0 ? "" : " beside " + placed + " that start with it";
        return beside
                + reasons.entrySet().stream()
                        .map(reason -> reason.getValue() + " " + reason.getKey())
                        .collect(Collectors.joining(", ", " (of " + nodes + " nodes: ", ")"));
    }
}
