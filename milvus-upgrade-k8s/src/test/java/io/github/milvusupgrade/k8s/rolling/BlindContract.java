package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.plan.PreflightReport;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.GateAnswer;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Where Milvus cannot be seen the upgrade goes on by what Kubernetes says, and tells everybody that it is blind. */
abstract class BlindContract extends RollingContract {

    BlindContract(Supplier<TestBed> beds) {
        super(beds);
    }

    /** Simulated pods answer nobody; those of the rehearsal do, but here the account may not ask them. */
    @Override
    InstalledMilvus install(MilvusBlueprint blueprint) {
        InstalledMilvus milvus = super.install(blueprint);
        if (milvus.bed() instanceof TestBed.Rehearsal rehearsal) {
            rehearsal.cluster().inject(ApiFault.forbidden().on("get", "pods/proxy"));
        }
        return milvus;
    }

    @Test
    void thePlanSaysThatItIsBlindAndWhatIsDoneInstead() {
        InstalledMilvus milvus = install(smallCluster());
        Upgrader upgrader = milvus.upgrader(KubernetesOptions.defaults().withProfile(RollingProfile.official()))
                .build();

        UpgradePlan plan = upgrader.plan(TARGET);

        assertThat(plan.describe().lines().filter(line -> line.contains("blind")))
                .hasSize(5)
                .first()
                .asString()
                .startsWith("      gate: blind: ");
        assertThat(plan.describe())
                .contains("let the new coordinators settle: every component available for 15 s")
                .contains("      gate: blind, every component is available for 15 s instead\n");
    }

    @Test
    void preflightWarnsAndDoesNotBlock() {
        Upgrader upgrader = install(smallCluster()).upgrader(brisk()).build();

        PreflightReport preflight = upgrader.preflight(upgrader.plan(TARGET));

        assertThat(preflight.blockers()).isEmpty();
        assertThat(preflight.findings())
                .filteredOn(finding -> finding.check().equals("P27"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.status()).isEqualTo(Finding.Status.WARN);
                    assertThat(finding.message()).startsWith("The plan is blind: ");
                    assertThat(finding.remedy()).contains("allow the account to get pods/proxy");
                });
    }

    @Test
    void theUpgradeRestsInsteadAndTheReportSaysSo() {
        InstalledMilvus milvus = install(smallCluster());

        UpgradeReport report = milvus.upgrade(brisk().withCoordinatorSettling(Duration.ofSeconds(1)));

        assertSucceeded(report);
        assertThat(report.warnings())
                .allSatisfy(warning ->
                        assertThat(warning).contains(" not seen, every component was available for 1 s instead: "))
                .extracting(warning -> warning.replaceFirst(": .*", ""))
                .containsExactly(
                        "Blind after the coordinators",
                        "Blind after indexnode",
                        "Blind after datanode",
                        "Blind after querynode",
                        "Blind after proxy");
        assertThat(report.describe()).contains("Blind after proxy: whether it serves was not seen");
        assertThat(milvus.imagesOf("proxy")).containsExactly(NEW_IMAGE);
    }

    @Test
    void gatesOfTheCallerAreAskedAllTheSame() {
        AskedGate gate =
                AskedGate.after(component -> true, "somebody looks at everything", GateAnswer.passed("looks well"));
        InstalledMilvus milvus = install(smallCluster());
        Upgrader upgrader = milvus.upgrader(brisk().withGate(gate)).build();
        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertSucceeded(report);
        assertThat(gate.asked()).containsExactly("mixcoord", "indexnode", "datanode", "querynode", "proxy");
    }

    @Test
    void theWayBackIsBlindAsWell() {
        InstalledMilvus milvus = install(smallCluster());
        Upgrader upgrader = milvus.upgrader(brisk()).build();
        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        UpgradeReport back = upgrader.execute(upgrader.planRollback(report.run()));

        assertSucceeded(back);
        assertThat(back.warnings()).isNotEmpty().allMatch(warning -> warning.startsWith("Blind after "));
        assertThat(milvus.images().values()).allMatch(images -> images.equals(Set.of(OLD_IMAGE)));
    }
}
