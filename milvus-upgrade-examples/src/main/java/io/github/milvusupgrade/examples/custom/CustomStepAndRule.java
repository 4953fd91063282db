package io.github.milvusupgrade.examples.custom;

import io.github.milvusupgrade.MilvusCluster;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.rolling.RollingProfile;
import io.github.milvusupgrade.path.NearestWay;
import io.github.milvusupgrade.path.NoUpgradePathException;
import io.github.milvusupgrade.path.UpgradePathRules;
import io.github.milvusupgrade.path.UpgradeRule;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Holds a company's ingest jobs while the proxies are replaced, refuses the versions that the company does not run, and
 * shows both: the refusal, the upgrade, and the way back.
 */
public final class CustomStepAndRule {

    private final MilvusCluster milvus;
    private final IngestJobs jobs;
    private final PrintStream out;

    CustomStepAndRule(MilvusCluster milvus, IngestJobs jobs, PrintStream out) {
        this.milvus = milvus;
        this.jobs = jobs;
        this.out = out;
    }

    /** Run the example on the rehearsal cluster. */
    public static void main(String[] args) {
        try (RehearsalCluster cluster = RehearsalCluster.builder().speed(20).start()) {
            cluster.seed(MilvusBlueprint.cluster("my-release").version("2.2.4"));
            KubernetesOptions options = KubernetesOptions.defaults()
                    .withProfile(RollingProfile.official())
                    .withCoordinatorSettling(Duration.ofSeconds(1));
            MilvusCluster milvus =
                    KubernetesMilvusCluster.connect(cluster.apiClient(), "default", "my-release", options);
            new CustomStepAndRule(milvus, new IngestJobs(), System.out).run();
        }
    }

    void run() {
        Upgrader upgrader = upgrader();
        showRefusal(upgrader, MilvusVersion.parse("2.2.9"));
        UpgradeReport there = execute(upgrader, upgrader.plan(MilvusVersion.parse("2.2.16")));
        execute(upgrader, upgrader.planRollback(there.run()));
    }

    private Upgrader upgrader() {
        // tag::custom-upgrader[]
        Upgrader upgrader = Upgrader.forCluster(milvus)
                .rules(UpgradePathRules.official().withFirst(nothingBelow("2.2.14")))
                .customize(plan -> plan.withBefore(Component.PROXY, new PauseIngest(jobs))
                        .withAfter(Component.PROXY, new ResumeIngest(jobs)))
                .listener(this::show)
                .build();
        // end::custom-upgrader[]
        return upgrader;
    }

    // tag::custom-rule[]
    static UpgradeRule nothingBelow(String version) {
        MilvusVersion first = MilvusVersion.parse(version);
        return UpgradeRule.named("acme-nothing-below-" + version)
                .to(VersionRange.below(version))
                .because("Acme runs no Milvus below " + version)
                .source("acme/platform-handbook#milvus")
                .refuse((from, to) -> NearestWay.to(first, "Upgrade to " + first + " or above."))
                .build();
    }
    // end::custom-rule[]

    /** Whether ingest jobs are held, whenever a step is over. */
    private void show(UpgradeEvent event) {
        if (event instanceof UpgradeEvent.StepFinished finished) {
            out.printf("%-45s ingest held by %s%n", finished.report().title(), jobs.holds());
        }
    }

    private void showRefusal(Upgrader upgrader, MilvusVersion target) {
        try {
            upgrader.plan(target);
            throw new IllegalStateException("The rule of this example did not refuse " + target + ".");
        } catch (NoUpgradePathException refusal) {
            out.println(refusal.getMessage() + "\n");
        }
    }

    private UpgradeReport execute(Upgrader upgrader, UpgradePlan plan) {
        out.println(plan.describe());
        UpgradeReport report = upgrader.execute(plan).throwIfFailed();
        out.println("\n" + report.describe());
        return report;
    }
}
