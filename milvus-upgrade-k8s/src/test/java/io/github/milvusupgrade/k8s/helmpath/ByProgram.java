package io.github.milvusupgrade.k8s.helmpath;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.helm.HelmClient;
import io.github.milvusupgrade.k8s.helm.HelmCommand;
import io.github.milvusupgrade.k8s.helm.KubeConfigSource;
import io.github.milvusupgrade.k8s.testing.RealCluster;
import io.github.milvusupgrade.k8s.testing.RealHelm;
import io.github.milvusupgrade.k8s.testing.TestBed;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The contract with a {@code helm} program on a real cluster, and what that program makes of the documented command. */
abstract class ByProgram extends HelmPathContract {

    private final RealHelm helm;

    ByProgram(String variable) {
        super(() -> TestBed.real(RealCluster.orSkip()));
        this.helm = RealHelm.orSkip(variable);
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
}
