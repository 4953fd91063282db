package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.helmpath.ReleaseChange.ObjectKey;
import java.util.List;

/** P09 of the helm path: which components the chart stops before it starts their successors. */
record CoordinatorsStopFirst(ReleaseHop release) implements Check {

    @Override
    public String id() {
        return "P09";
    }

    @Override
    public String title() {
        return "which components stop before their successors start";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        ReleaseChange change = release.from(release.base().revision());
        List<String> recreated = snapshot.workloads().stream()
                .filter(workload -> workload.component().isCoordinator()
                        || workload.component().equals(Component.STANDALONE))
                .map(Workload::name)
                .filter(name -> strategy(change, name).equals("Recreate"))
                .toList();
        return recreated.isEmpty()
                ? Finding.pass(id(), "the chart starts every new pod beside the old one")
                : Finding.warn(
                        id(),
                        "The chart stops " + String.join(", ", recreated) + " before it starts the new one: what needs"
                                + " them fails for as long as a pod takes to be ready, one after the other.",
                        "Enable active-standby for the coordinators in the values (chart 4.0.4 or later, Milvus 2.2.3 or"
                                + " later), or upgrade at a time when clients can wait.");
    }

    private static String strategy(ReleaseChange change, String deployment) {
        ObjectNode wanted = change.wanted().get(new ObjectKey("Deployment", deployment));
        return wanted == null ? "" : wanted.at("/spec/strategy/type").asText("RollingUpdate");
    }
}
