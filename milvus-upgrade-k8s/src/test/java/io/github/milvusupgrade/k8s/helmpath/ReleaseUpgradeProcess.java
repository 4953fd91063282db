package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.chart.ChartRepository;
import io.github.milvusupgrade.k8s.helm.HelmCommand;
import io.github.milvusupgrade.k8s.helm.KubeConfigSource;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An upgrade of a release in a process of its own, which can be killed. */
final class ReleaseUpgradeProcess {

    private ReleaseUpgradeProcess() {}

    static Process start(Path kubeconfig, String namespace, Path charts, Path helm) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ReleaseUpgradeProcess.class.getName(),
                kubeconfig.toString(),
                namespace,
                charts.toString(),
                helm.toString());
        return new ProcessBuilder(command).inheritIO().start();
    }

    /** Of both processes: they must agree, or the plan of one would not be the plan of the other. */
    static KubernetesOptions options(String kubeconfig, Path charts, Path helm) throws IOException {
        return KubernetesOptions.defaults()
                .withLeaseDuration(Duration.ofSeconds(3))
                .withHelm(HelmOptions.of(
                        HelmCommand.builder(KubeConfigSource.contents(kubeconfig))
                                .binary(helm.toString())
                                .build(),
                        ChartRepository.open(charts.toString()),
                        Files.createTempDirectory("charts")));
    }

    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        try (Reader kubeconfig = Files.newBufferedReader(file)) {
            ApiClient client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(kubeconfig))
                    .build();
            KubernetesOptions options = options(Files.readString(file), Path.of(args[2]), Path.of(args[3]));
            Upgrader upgrader = Upgrader.forCluster(
                            KubernetesMilvusCluster.connect(client, args[1], "my-release", options))
                    .build();
            upgrader.execute(upgrader.plan(InstalledMilvus.TARGET));
        }
    }
}
