package io.github.milvusupgrade.examples.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataMigrationTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void migratesGoesBackAndMigratesAgain() {
        try (RehearsalCluster cluster = RehearsalCluster.builder().speed(50).start()) {
            cluster.seed(
                    MilvusBlueprint.cluster("my-release").namespace("milvus").version("2.1.4"));
            Map<String, String> before = cluster.etcd().snapshot("by-dev/meta/");
            new MetadataMigration(cluster, new PrintStream(out, true, StandardCharsets.UTF_8)).run();
            assertThat(cluster.etcd().snapshot("by-dev/meta/")).isNotEqualTo(before);
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("Milvus milvus/my-release  2.1.4 -> 2.2.16   1 hop, 9 steps, plan ")
                .containsSubsequence(
                        "convert the metadata from 2.1.4 to 2.2.16, once; after any doubt the backup is brought back",
                        "SUCCEEDED: upgrade 2.1.4 -> 2.2.16 of milvus/my-release",
                        "SUCCEEDED: rollback of run ",
                        "the metadata is as it was backed up",
                        "SUCCEEDED: upgrade 2.1.4 -> 2.2.16 of milvus/my-release");
    }
}
