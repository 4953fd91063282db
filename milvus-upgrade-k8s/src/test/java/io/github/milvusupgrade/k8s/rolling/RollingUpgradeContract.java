package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the rolling path promises, on whatever cluster. */
abstract class RollingUpgradeContract {

    private @Nullable TestBed bed;

    abstract TestBed open();

    @BeforeEach
    void openBed() {
        bed = open();
    }

    @AfterEach
    void closeBed() {
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void bringsEveryComponentToTheTarget() {
        bed.install(MilvusBlueprint.cluster("my-release").version("2.2.4"));
        Upgrader upgrader = upgrader();
        UpgradePlan plan = upgrader.plan(MilvusVersion.parse("2.2.16"));
        System.out.println(plan.describe());
        UpgradeReport report = upgrader.execute(plan);
        System.out.println(report.describe());
        System.out.println(report.requests());
        assertThat(report.succeeded()).isTrue();
    }

    private Upgrader upgrader() {
        KubernetesOptions options = KubernetesOptions.defaults().withCoordinatorMinReadySeconds(1);
        return Upgrader.forCluster(
                        KubernetesMilvusCluster.connect(bed.apiClient(), bed.namespace(), "my-release", options))
                .listener(event -> System.out.println(event.at() + " " + event.describe()))
                .build();
    }
}
