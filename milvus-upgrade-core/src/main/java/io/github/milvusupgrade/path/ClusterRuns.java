package io.github.milvusupgrade.path;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.component.Component;

/**
 * A cluster must run a component that the target version cannot do without. Standalone has everything in it.
 *
 * @param component the part that must be there, with at least one pod wanted
 * @param remedy how to get it
 */
record ClusterRuns(Component component, String remedy) implements Check {

    @Override
    public String id() {
        return "P07-" + component;
    }

    @Override
    public String title() {
        return "a cluster runs " + component;
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        if (snapshot.components().contains(Component.STANDALONE)) {
            return Finding.pass(id(), "Standalone has " + component + " in it.");
        }
        boolean runs = snapshot.workloads(component).stream().anyMatch(workload -> workload.replicas() > 0);
        return runs
                ? Finding.pass(id(), snapshot.id() + " runs " + component + ".")
                : Finding.fail(id(), snapshot.id() + " runs no " + component + ".", remedy);
    }
}
