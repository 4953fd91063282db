package io.github.milvusupgrade.examples.custom;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.rolling.RollingProfile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CustomStepAndRuleTest {

    private final IngestJobs jobs = new IngestJobs();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void refusesByTheRuleAndHoldsIngestWhileProxiesAreReplacedThereAndBack() {
        jobs.hold("night shift");
        try (RehearsalCluster cluster = RehearsalCluster.builder().speed(100).start()) {
            cluster.seed(MilvusBlueprint.cluster("my-release").version("2.2.4"));
            new CustomStepAndRule(
                            KubernetesMilvusCluster.connect(
                                    cluster.apiClient(),
                                    "default",
                                    "my-release",
                                    KubernetesOptions.defaults()
                                            .withProfile(RollingProfile.official())
                                            .withCoordinatorSettling(Duration.ofSeconds(1))),
                            jobs,
                            new PrintStream(out, true, StandardCharsets.UTF_8))
                    .run();
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("No upgrade path from Milvus 2.2.4 to 2.2.9: Acme runs no Milvus below 2.2.14"
                        + " (rule acme-nothing-below-2.2.14). Upgrade to 2.2.14 or above.\n")
                .containsSubsequence(
                        "9  hold the ingest jobs",
                        "10  roll proxy to 2.2.16",
                        "11  release the ingest jobs",
                        "roll querynode to 2.2.16                      ingest held by [night shift]\n",
                        "hold the ingest jobs                          ingest held by [milvus-upgrade, night shift]\n",
                        "roll proxy to 2.2.16                          ingest held by [milvus-upgrade, night shift]\n",
                        "release the ingest jobs                       ingest held by [night shift]\n",
                        "SUCCEEDED: upgrade 2.2.4 -> 2.2.16",
                        "hold the ingest jobs                          ingest held by [milvus-upgrade, night shift]\n",
                        "roll proxy back to 2.2.4                      ingest held by [milvus-upgrade, night shift]\n",
                        "release the ingest jobs                       ingest held by [night shift]\n",
                        "roll querynode back to 2.2.4                  ingest held by [night shift]\n",
                        "SUCCEEDED: rollback of run");
    }
}
