package io.github.milvusupgrade.k8s.helmpath;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.helm.HelmClient;
import io.github.milvusupgrade.k8s.helm.HelmCommand;
import io.github.milvusupgrade.k8s.helm.KubeConfigSource;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.RealCluster;
import io.github.milvusupgrade.k8s.testing.RealHelm;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.run.UpgradeReport;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The contract with a {@code helm} program on a real cluster, and what that program makes of the documented command.
 */
abstract class ByProgram extends HelmPathContract {

    private final RealHelm helm;

    ByProgram(int major) {
        super(() -> TestBed.real(RealCluster.orSkip()));
        this.helm = RealHelm.orSkip(major);
    }

    @Override
    HelmClient helm(String kubeconfig) {
        return HelmCommand.builder(KubeConfigSource.contents(kubeconfig))
                .binary(helm.binary().toString())
                .build();
    }

    @Override
    void install(String namespace, Path chart, Path values, Path kubeconfig) {
        helm.install(namespace, "my-release", chart, values, kubeconfig);
    }

    @Test
    void theDocumentedCommandFails() {
        installed("{}");

        RealHelm.Outcome outcome = helm.run(
                "upgrade",
                "my-release",
                MilvusCharts.chart(charts(), MilvusCharts.NEW).toString(),
                "--reuse-values",
                "--namespace=" + bed().namespace(),
                "--kubeconfig=" + folder.resolve("kubeconfig"));

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.text()).contains("nil pointer evaluating interface {}.enabled");
    }

    @Test
    void row83ARunThatIsKilledWhileHelmIsAtWorkResumes() throws Exception {
        installed("{}");
        Process upgrade =
                ReleaseUpgradeProcess.start(folder.resolve("kubeconfig"), bed().namespace(), charts(), helm.binary());
        Awaitility.await("a second revision")
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> history().revisions().size() == 2);
        upgrade.destroyForcibly().waitFor();

        Upgrader upgrader = milvus().upgrader(
                        ReleaseUpgradeProcess.options(bed().kubeconfig(), charts(), helm.binary()))
                .build();
        UpgradeReport report = upgrader.resume(upgrader.runs().get(0).header().run());

        assertThat(report.succeeded()).as(report.describe()).isTrue();
        // The Helm that outlived its parent may have come to its end, or not.
        assertThat(states().get(0)).endsWith(" deployed");
        assertThat(states()).last().isEqualTo("1 superseded");
        assertThat(milvus().replicaSetsOn(InstalledMilvus.NEW_IMAGE))
                .hasSize(8)
                .allSatisfy((name, count) -> assertThat(count).isEqualTo(1));
    }
}
