package io.github.milvusupgrade.examples.helm;

import com.marcnuri.helm.Helm;
import io.github.milvusupgrade.MilvusCluster;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.chart.ChartChoice;
import io.github.milvusupgrade.k8s.chart.ChartFinder;
import io.github.milvusupgrade.k8s.chart.ChartRepository;
import io.github.milvusupgrade.k8s.chart.ChartVersion;
import io.github.milvusupgrade.k8s.helm.HelmInProcess;
import io.github.milvusupgrade.k8s.helm.KubeConfigSource;
import io.github.milvusupgrade.k8s.helmpath.HelmOptions;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Upgrades a release of Milvus 2.2.2 to 2.2.16, and goes back. Everything happens within this process. */
public final class ReleaseUpgrade {

    private final RehearsalCluster cluster;
    private final Path folder;
    private final PrintStream out;

    ReleaseUpgrade(RehearsalCluster cluster, Path folder, PrintStream out) {
        this.cluster = cluster;
        this.folder = folder;
        this.out = out;
    }

    /** Run the example. */
    public static void main(String[] args) throws IOException {
        try (RehearsalCluster cluster = RehearsalCluster.builder().speed(20).start()) {
            new ReleaseUpgrade(cluster, Files.createTempDirectory("release-upgrade-"), System.out).run();
        }
    }

    void run() throws IOException {
        Path charts = DemoCharts.unpackInto(folder.resolve("charts"));
        install(charts.resolve("milvus-4.0.6"));

        // tag::find-chart[]
        ChartRepository repository = ChartRepository.open(charts.toString());
        for (ChartVersion chart : repository.versions(ChartFinder.MILVUS)) {
            out.println("chart " + chart.version() + "  Milvus " + chart.appVersion());
        }
        ChartChoice choice = ChartFinder.in(repository).find(MilvusVersion.parse("2.2.16"));
        out.println(choice.explanation());
        // end::find-chart[]

        // tag::release-upgrade[]
        HelmOptions helm = HelmOptions.of(
                HelmInProcess.of(KubeConfigSource.contents(cluster.kubeconfig())),
                repository,
                folder.resolve("fetched"));
        MilvusCluster milvus = KubernetesMilvusCluster.connect(
                cluster.apiClient(),
                "default",
                "my-release",
                KubernetesOptions.defaults().withHelm(helm));
        // end::release-upgrade[]
        Upgrader upgrader = Upgrader.forCluster(milvus).build();

        UpgradePlan plan = upgrader.plan(MilvusVersion.parse("2.2.16"));
        out.println(plan.describe());
        out.println(upgrader.preflight(plan).describe());
        UpgradeReport report = upgrader.execute(plan);
        out.println(report.describe());
        report.throwIfFailed();

        UpgradeReport back = upgrader.execute(upgrader.planRollback(report.run()));
        out.println(back.describe());
        back.throwIfFailed();
    }

    /** As a person would with {@code helm install}. */
    private void install(Path chart) throws IOException {
        new Helm(chart)
                .install()
                .withName("my-release")
                .withNamespace("default")
                .withKubeConfig(Files.writeString(folder.resolve("kubeconfig"), cluster.kubeconfig()))
                .waitReady()
                .call();
    }
}
