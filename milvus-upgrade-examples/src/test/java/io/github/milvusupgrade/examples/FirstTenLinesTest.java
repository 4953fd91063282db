package io.github.milvusupgrade.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.version.MilvusVersion;
import org.junit.jupiter.api.Test;

class FirstTenLinesTest {

    @Test
    void upgradeAnInstance() {
        try (RehearsalCluster cluster = RehearsalCluster.builder().speed(100).start()) {
            cluster.seed(MilvusBlueprint.cluster("my-release").version("2.2.4"));
            FirstTenLines.upgrade(cluster.apiClient());
            assertThat(KubernetesMilvusCluster.connect(cluster.apiClient(), "default", "my-release")
                            .inspect()
                            .version())
                    .contains(MilvusVersion.parse("2.2.16"));
        }
    }
}
