package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.config.Change;
import io.github.milvusupgrade.k8s.config.Edit;
import io.github.milvusupgrade.k8s.inspect.InstanceInspector;
import io.github.milvusupgrade.k8s.rolling.StandbyConfig;
import io.github.milvusupgrade.k8s.view.ConfigMapView;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A new coordinator may start beside the old one. Without active-standby it fails on the session of the old one and
 * never becomes ready (milvus-io/milvus#28063).
 */
record CoordinatorsMayOverlap(LiveCluster live, PlannedWrites writes) implements Check {

    @Override
    public String id() {
        return "P09";
    }

    @Override
    public String title() {
        return "a new coordinator may start beside the old one";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        StandbyConfig config = StandbyConfig.of(snapshot);
        Optional<ConfigMapView> configMap =
                snapshot.fact(InstanceInspector.CONFIG_MAP).flatMap(live::configMap);
        if (configMap.isEmpty()) {
            return Finding.unknown(
                    id(),
                    "Whether the coordinators of " + snapshot.id() + " may overlap cannot be told: "
                            + snapshot.fact(InstanceInspector.CONFIG_PROBLEM).orElse("there is no ConfigMap") + ".",
                    "See P22.");
        }
        Edit edit = config.edit(configMap.get());
        String changes = edit.changes().stream().map(Change::toString).collect(Collectors.joining(", "));
        if (!edit.isEmpty() && !writes.enableActiveStandby()) {
            return Finding.fail(
                    id(),
                    "Active-standby is not in effect in " + snapshot.id() + ", and no step of the plan enables it ("
                            + changes + "): a new coordinator would never become ready beside the old one.",
                    "Keep the step that enables it in the plan, or enable it in the values of the chart.");
        }
        String standby = edit.isEmpty()
                ? "Active-standby is in effect for every coordinator."
                : "The plan enables active-standby (" + changes + ").";
        List<String> recreated = recreated(snapshot);
        String strategy = recreated.isEmpty()
                ? ""
                : " Strategy Recreate of " + String.join(", ", recreated)
                        + " becomes RollingUpdate for the time of the upgrade.";
        return snapshot.components().contains(Component.STANDALONE)
                ? Finding.warn(
                        id(),
                        standby + strategy + " Standalone is one process: it does not answer from the end of the old"
                                + " one until the new one has taken over and loaded the collections."
                                + volumes(snapshot),
                        "Upgrade at a time when clients can wait, or let them retry.")
                : Finding.pass(id(), standby + strategy);
    }

    private List<String> recreated(ClusterSnapshot snapshot) {
        return snapshot.workloads().stream()
                .filter(workload -> workload.component().isCoordinator()
                        || workload.component().equals(Component.STANDALONE))
                .map(live::deployment)
                .flatMap(Optional::stream)
                .filter(deployment -> deployment.strategyType().equals("Recreate"))
                .map(DeploymentView::name)
                .toList();
    }

    /** A volume that one node alone may mount keeps the new pod waiting on any other node. */
    private String volumes(ClusterSnapshot snapshot) {
        String claims = snapshot.workloads(Component.STANDALONE).stream()
                .map(live::deployment)
                .flatMap(Optional::stream)
                .flatMap(deployment -> deployment.volumes().stream())
                .map(volume -> volume.at("/persistentVolumeClaim/claimName").asText())
                .filter(claim -> !claim.isEmpty())
                .collect(Collectors.joining(", "));
        return claims.isEmpty()
                ? ""
                : " It mounts claim " + claims
                        + ": unless many nodes may mount it, the new pod must come to the node of the old one.";
    }
}
