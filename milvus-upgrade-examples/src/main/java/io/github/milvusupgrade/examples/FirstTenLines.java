package io.github.milvusupgrade.examples;

import io.github.milvusupgrade.MilvusCluster;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.version.MilvusVersion;
import io.kubernetes.client.openapi.ApiClient;

/** The whole way, from a client of a cluster to an upgraded instance, as the README shows it. */
final class FirstTenLines {

    private FirstTenLines() {}

    static void upgrade(ApiClient apiClient) {
        // tag::first-ten-lines[]
        MilvusCluster milvus = KubernetesMilvusCluster.connect(apiClient, "default", "my-release");
        Upgrader upgrader = Upgrader.forCluster(milvus).build();

        UpgradePlan plan = upgrader.plan(MilvusVersion.parse("2.2.16"));
        System.out.println(plan.describe());

        upgrader.execute(plan).throwIfFailed();
        // end::first-ten-lines[]
    }
}
