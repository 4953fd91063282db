package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.etcd.Etcd;
import java.time.Duration;
import java.util.List;

/**
 * Whether etcd answers and holds the metadata of the instance. Where no pod is there to ask from yet, the first step
 * finds out, before anything is stopped.
 */
record MetadataIsThere(ClusterAccess access, Migration migration) implements Check {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String id() {
        return "P23";
    }

    @Override
    public String title() {
        return "etcd answers and holds the metadata of the instance";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        return switch (migration.sight()) {
            case ETCD_POD -> look();
            case PROBE_POD ->
                Finding.pass(
                        id(),
                        "etcd at " + String.join(", ", migration.place().endpoints())
                                + " will be asked from a pod made for it, by the first step, before anything is stopped.");
            case BLIND ->
                Finding.warn(
                        id(),
                        "Nobody looks into etcd: sessions are waited for by the clock, and whether "
                                + migration.place().prefix()
                                + " is the right place is known only when the backup has been read.",
                        "Leave MigrateOptions.withBlindWait out if etcd can be asked at all.");
        };
    }

    private Finding look() {
        try {
            KubeApi bounded = access.api().within(PATIENCE);
            Etcd etcd = new Etcd(bounded, Workbench.ownSeat(bounded, migration));
            List<String> alarms = etcd.alarms();
            if (!alarms.isEmpty()) {
                return Finding.fail(
                        id(),
                        "etcd has raised an alarm: " + String.join("; ", alarms) + ".",
                        "Clear it: etcd may refuse to write the metadata back.");
            }
            List<String> strangers = new MetadataOwner(access, migration).look(etcd);
            return strangers.isEmpty()
                    ? Finding.pass(
                            id(),
                            "etcd holds the metadata of the instance under "
                                    + migration.place().prefix() + ".")
                    : Finding.warn(
                            id(),
                            "Sessions there are none of this instance: " + String.join(", ", strangers) + ".",
                            "If they stay, the first step will refuse to go on.");
        } catch (UpgradeException e) {
            return Finding.fail(id(), e.code() + " " + e.getMessage(), "");
        }
    }
}
