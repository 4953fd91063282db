package io.github.milvusupgrade.path;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.ComponentGraph;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What runs but has no place in the order would silently stay on the old version, as mixcoord does with the official
 * script. What wants no pods may stay as it is.
 *
 * @param graph the order
 * @param remedy what to do about a part that it does not know
 */
record PartsHavePlace(ComponentGraph graph, String remedy) implements Check {

    @Override
    public String id() {
        return "P07-parts";
    }

    @Override
    public String title() {
        return "every component that runs has a place in the order";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        List<Workload> homeless = snapshot.workloads().stream()
                .filter(workload -> workload.replicas() > 0)
                .filter(workload -> !graph.components().contains(workload.component()))
                .toList();
        if (homeless.isEmpty()) {
            return Finding.pass(id(), "Every component that runs has a place in the order.");
        }
        String names = homeless.stream()
                .map(workload -> workload.name() + " (" + workload.component() + ")")
                .collect(Collectors.joining(", "));
        return Finding.fail(
                id(), snapshot.id() + " runs " + names + ", but the order of the upgrade is " + graph + ".", remedy);
    }
}
