package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.run.UpgradeReport;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** People and other controllers at work on the same instance: accepted, or reported with their name, never fought. */
abstract class InterferenceContract extends RollingContract {

    private static final String UNDER_WAY =
            "my-release-milvus-mixcoord: 1 of 1 pods are new, 1 ready, 1 available, 1 old";

    InterferenceContract(Supplier<TestBed> beds) {
        super(beds);
    }

    @Test
    void row17ADeploymentThatIsDeletedInTheMiddleIsNotCreatedAnew() {
        InstalledMilvus milvus = install(neverReady());

        UpgradeReport report = upgradeWhile(milvus, () -> milvus.delete("mixcoord"));

        assertThat(failureOf(report).code()).isEqualTo(Code.WORKLOAD_GONE);
        assertThat(failureOf(report).message())
                .contains("Deployment " + milvus.namespace() + "/my-release-milvus-mixcoord was deleted while it was"
                        + " rolled out. It is not created anew; bring it back, then resume.");
        assertThat(milvus.deployments()).doesNotContainKey("my-release-milvus-mixcoord");
        assertThat(milvus.imagesOf("proxy")).containsExactly(OLD_IMAGE);
    }

    @Test
    void row38AnImageThatSomebodyElseSetsInTheMiddleIsLeftAndReported() {
        InstalledMilvus milvus = install(neverReady());

        UpgradeReport report = upgradeWhile(milvus, () -> milvus.setImage("mixcoord", "milvusdb/milvus:v2.2.9"));

        assertThat(failureOf(report).code()).isEqualTo(Code.CHANGED_BY_OTHERS);
        assertThat(failureOf(report).message())
                .contains(
                        "my-release-milvus-mixcoord was set to " + NEW_IMAGE + ", but now runs milvusdb/milvus:v2.2.9:"
                                + " somebody else changed it while it was rolled out (")
                .containsPattern("\\((somebody|nobody on record) set it\\)\\. Nothing more was written\\.");
        assertThat(milvus.imagesOf("mixcoord")).containsExactly("milvusdb/milvus:v2.2.9");
    }

    @Test
    void row38AnImageThatSomebodyElseSetsBeforeItsTurnIsLeftAndReported() {
        InstalledMilvus milvus = install(smallCluster());

        UpgradeReport report = upgradeWhile(milvus, () -> milvus.setImage("proxy", "milvusdb/milvus:v2.2.9"));

        assertThat(failureOf(report).code()).isEqualTo(Code.CHANGED_BY_OTHERS);
        assertThat(failureOf(report).message())
                .contains("my-release-milvus-proxy runs image milvusdb/milvus:v2.2.9, which is neither " + OLD_IMAGE
                        + " nor " + NEW_IMAGE);
        assertThat(milvus.imagesOf("proxy")).containsExactly("milvusdb/milvus:v2.2.9");
    }

    @Test
    void row39ScalingInTheMiddleIsAcceptedAndTheNewNumberIsAwaited() {
        InstalledMilvus milvus = install(smallCluster().annotatePods("mixcoord", "sim.cluster/ready-after", "2s"));

        UpgradeReport report =
                upgradeWhile(milvus, () -> milvus.patch("mixcoord", JsonApi.MERGE_PATCH, "{spec: {replicas: 3}}"));

        assertSucceeded(report);
        assertThat(milvus.podUids("mixcoord")).hasSize(3);
        assertThat(milvus.imagesOf("mixcoord")).containsExactly(NEW_IMAGE);
    }

    @Test
    void row40APauseInTheMiddleIsReportedAtOnceAndNotFought() {
        InstalledMilvus milvus = install(smallCluster().annotatePods("mixcoord", "sim.cluster/ready-after", "2s"));
        Upgrader upgrader = milvus.upgrader(brisk()).build();

        UpgradeReport report =
                upgradeWhile(milvus, () -> milvus.patch("mixcoord", JsonApi.MERGE_PATCH, "{spec: {paused: true}}"));

        assertThat(failureOf(report).code()).isEqualTo(Code.ROLLOUT_PAUSED);
        assertThat(failureOf(report).message()).contains("continue it with kubectl rollout resume");
        assertThat(milvus.deployment("mixcoord").at("/spec/paused").asBoolean()).isTrue();

        milvus.patch("mixcoord", JsonApi.MERGE_PATCH, "{spec: {paused: null}}");
        assertSucceeded(upgrader.resume(report.run()));
        assertThat(milvus.replicaSetsOn(NEW_IMAGE)).hasSize(5).containsEntry("my-release-milvus-mixcoord", 1);
    }

    @Test
    void row43AChangeThatIsTakenBackByAControllerIsReportedAndDoneAgainOnlyWhenResumed() {
        InstalledMilvus milvus = install(smallCluster().annotatePods("mixcoord", "sim.cluster/ready-after", "2s"));
        Upgrader upgrader = milvus.upgrader(brisk()).build();

        UpgradeReport report = upgradeWhile(milvus, () -> milvus.setImage("mixcoord", OLD_IMAGE));

        assertThat(failureOf(report).code()).isEqualTo(Code.CHANGED_BY_OTHERS);
        assertThat(failureOf(report).message())
                .contains("but now runs " + OLD_IMAGE, "If a GitOps controller did it, suspend its sync");
        assertThat(milvus.imagesOf("mixcoord")).containsExactly(OLD_IMAGE);

        assertSucceeded(upgrader.resume(report.run()));
        assertThat(milvus.imagesOf("mixcoord")).containsExactly(NEW_IMAGE);
    }

    @Test
    void row47APodThatIsEvictedInTheMiddleIsReplacedAndAwaited() {
        InstalledMilvus milvus = install(smallCluster().annotatePods("mixcoord", "sim.cluster/ready-after", "2s"));

        UpgradeReport report = upgradeWhile(milvus, () -> milvus.deletePods("mixcoord", NEW_IMAGE));

        assertSucceeded(report);
    }

    @Test
    void row61ARolloutThatDegradesWhileItSoaksHasFailed() {
        InstalledMilvus milvus = install(smallCluster().annotatePods("mixcoord", "sim.cluster/ready-after", "2s"));
        Upgrader upgrader = milvus.upgrader(brisk().withSoak(Duration.ofSeconds(20)))
                .listener(when(
                        "mixcoord: 1 of 1 pods are new and available", () -> milvus.deletePods("mixcoord", NEW_IMAGE)))
                .build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(failureOf(report).code()).isEqualTo(Code.UNHEALTHY);
        assertThat(failureOf(report).message())
                .contains("The rollout of my-release-milvus-mixcoord on " + NEW_IMAGE
                        + " was complete, but did not stay so: ");
        assertThat(milvus.imagesOf("proxy")).containsExactly(OLD_IMAGE);
    }

    private static MilvusBlueprint neverReady() {
        return smallCluster().annotatePods("mixcoord", "sim.cluster/fault", "v2.2.16=never-ready");
    }

    private static UpgradeReport upgradeWhile(InstalledMilvus milvus, Runnable action) {
        Upgrader upgrader =
                milvus.upgrader(brisk()).listener(when(UNDER_WAY, action)).build();
        return upgrader.execute(upgrader.plan(TARGET));
    }
}
