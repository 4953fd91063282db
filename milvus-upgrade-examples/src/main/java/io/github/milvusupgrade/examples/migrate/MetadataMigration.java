package io.github.milvusupgrade.examples.migrate;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.migrate.MigrateOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import io.kubernetes.client.openapi.ApiClient;
import java.io.PrintStream;

/**
 * Migrates the metadata of Milvus 2.1.4 for 2.2.16, goes back, and migrates again: each command of the official guide
 * ({@code milvus.io/docs/v2.2.x/upgrade_milvus_cluster-helm.md}) as a call. Everything happens within this process.
 */
public final class MetadataMigration {

    private final RehearsalCluster cluster;
    private final PrintStream out;

    MetadataMigration(RehearsalCluster cluster, PrintStream out) {
        this.cluster = cluster;
        this.out = out;
    }

    /** Run the example. */
    public static void main(String[] args) {
        try (RehearsalCluster cluster = RehearsalCluster.builder().speed(20).start()) {
            cluster.seed(
                    MilvusBlueprint.cluster("my-release").namespace("milvus").version("2.1.4"));
            new MetadataMigration(cluster, System.out).run();
        }
    }

    void run() {
        ApiClient apiClient = cluster.apiClient();

        // tag::migrate-commands[]
        // 1  migrate.sh -i my-release -s 2.1.4 -t 2.2.16: the version that runs is found out
        MilvusVersion target = MilvusVersion.parse("2.2.16");

        // 2  -n milvus    3  -r by-dev    5  -d true
        MigrateOptions migrate =
                MigrateOptions.defaults().withRootPath("by-dev").removingPods();
        Upgrader upgrader = Upgrader.forCluster(KubernetesMilvusCluster.connect(
                        apiClient,
                        "milvus",
                        "my-release",
                        KubernetesOptions.defaults().withMigrate(migrate)))
                .build();

        // 4  -w milvusdb/milvus:v2.2.16
        UpgradePlan plan = upgrader.plan(target, ImageReference.parse("milvusdb/milvus:v2.2.16"));
        UpgradeReport report = upgrader.execute(plan);

        // 6  -o rollback: of that very run, from its own backup; then migrate again
        UpgradeReport back = upgrader.execute(upgrader.planRollback(report.run()));
        UpgradeReport again = upgrader.execute(upgrader.plan(target));
        // end::migrate-commands[]

        out.println(plan.describe());
        for (UpgradeReport each : new UpgradeReport[] {report, back, again}) {
            out.println(each.describe());
            each.throwIfFailed();
        }
    }
}
