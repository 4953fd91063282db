package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.config.Edit;
import io.github.milvusupgrade.k8s.inspect.InstanceInspector;
import io.github.milvusupgrade.k8s.rolling.StandbyConfig;
import io.github.milvusupgrade.k8s.view.ConfigMapView;
import java.util.Optional;

/** Milvus' configuration is where it is expected, is valid, and can be changed as far as the plan has to. */
record ConfigurationIsEditable(LiveCluster live, PlannedWrites writes) implements Check {

    @Override
    public String id() {
        return "P22";
    }

    @Override
    public String title() {
        return "Milvus' configuration can be read, and changed where the plan does";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Optional<String> name = snapshot.fact(InstanceInspector.CONFIG_MAP);
        if (name.isEmpty()) {
            return missing(snapshot.fact(InstanceInspector.CONFIG_PROBLEM).orElse("no ConfigMap was found"), snapshot);
        }
        String where = "ConfigMap " + snapshot.id().namespace() + "/" + name.get();
        Optional<ConfigMapView> configMap = live.configMap(name.get());
        if (configMap.isEmpty()) {
            return missing("there is no " + where, snapshot);
        }
        StandbyConfig config = StandbyConfig.of(snapshot);
        Edit edit;
        try {
            edit = config.edit(configMap.get());
        } catch (UpgradeException e) {
            if (e.code() != Code.CONFIG_UNUSABLE) {
                throw e;
            }
            return Finding.fail(id(), where + ": " + e.getMessage(), "");
        }
        if (configMap.get().immutable() && !edit.isEmpty() && writes.enableActiveStandby()) {
            return Finding.fail(
                    id(),
                    where + " is immutable, but " + config.userKey() + " has to be changed: " + edit.changes() + ".",
                    "Make these settings in the values of the chart, or replace the ConfigMap by one that can be"
                            + " changed.");
        }
        return Finding.pass(id(), where + " is valid" + (edit.isEmpty() ? "." : " and can be changed."));
    }

    private Finding missing(String why, ClusterSnapshot snapshot) {
        return Finding.fail(
                id(),
                "The configuration of " + snapshot.id() + " cannot be read: " + why + ".",
                "Mount user.yaml from a ConfigMap, as charts since 3.3.2 do, so that coordinators can be made"
                        + " active-standby.");
    }
}
