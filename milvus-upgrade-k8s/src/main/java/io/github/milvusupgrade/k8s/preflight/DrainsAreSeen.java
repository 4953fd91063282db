package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.view.NodeView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * No node under the instance is being drained, and none could not be. A rollout does not ask PodDisruptionBudgets, but
 * pods that it takes down count for them: a drain then waits, or a drain and the rollout together take too many.
 */
record DrainsAreSeen(LiveCluster live) implements Check {

    @Override
    public String id() {
        return "P13";
    }

    @Override
    public String title() {
        return "no node is being drained and disruption budgets have room";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        List<PodView> pods = live.podsOf(snapshot);
        List<String> doubts = new ArrayList<>();
        live.budgetsOf(snapshot).stream()
                .filter(budget -> budget.disruptionsAllowed() == 0)
                .map(budget -> "PodDisruptionBudget " + budget.name() + " allows no disruption now")
                .forEach(doubts::add);
        Set<String> used = pods.stream().map(PodView::node).collect(Collectors.toSet());
        live.nodes().orElse(List.of()).stream()
                .filter(node -> node.cordoned() && used.contains(node.name()))
                .map(NodeView::name)
                .map(node -> "node " + node + ", where pods of " + snapshot.id() + " run, is cordoned")
                .forEach(doubts::add);
        return doubts.isEmpty()
                ? Finding.pass(id(), "Disruption budgets have room, and no node is seen to be drained.")
                : Finding.warn(
                        id(),
                        String.join("; ", doubts) + ".",
                        "The rollout itself is not held back, but do not drain nodes while it goes on.");
    }
}
