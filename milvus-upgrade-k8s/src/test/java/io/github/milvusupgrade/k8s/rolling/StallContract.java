package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rollout.Patience;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.RolloutRecord;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.run.UpgradeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A rollout that is stuck is called so in seconds and by its cause; what was not begun stays as it is. */
abstract class StallContract extends RollingContract {

    private static final Duration SOON = Duration.ofSeconds(2);

    StallContract(Supplier<TestBed> beds) {
        super(beds);
    }

    @Test
    void row50AnImageThatDoesNotExistIsReportedWithinSecondsOfTheKubeletSayingSo() {
        InstalledMilvus milvus = install(ailing("image-missing"));
        try (RolloutRecord record = milvus.record()) {
            UpgradeReport report = milvus.upgrade(patient());
            Instant reported = Instant.now();

            UpgradeReport.Failure failure = failureOf(report);
            assertThat(failure.code()).isEqualTo(Code.IMAGE_UNAVAILABLE);
            assertThat(failure.message())
                    .startsWith("Step \"roll rootcoord to 2.2.16\" failed: The rollout of my-release-milvus-rootcoord"
                            + " on " + NEW_IMAGE + " is stuck: pod my-release-milvus-rootcoord-")
                    .contains(", container rootcoord: ErrImagePull (image " + NEW_IMAGE + ": ", "not found")
                    // The kubelet may say so before the controller's next status.
                    .containsAnyOf(
                            "1 of 1 pods are new, 1 ready, 1 available, 1 old.",
                            "waiting for the Deployment controller to see the change.")
                    .contains("\n  event: Failed: ")
                    .endsWith("The Deployment is left as it is. Go on after a fix, or roll back.");
            assertThat(Duration.between(record.toldOf("rootcoord", "ErrImagePull"), reported))
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(record.fewestAvailable()).containsEntry("my-release-milvus-rootcoord", 1);
            assertThat(record.orderOf(NEW_IMAGE)).containsExactly("rootcoord");
        }
    }

    @Test
    void row52AContainerThatKeepsCrashingIsCalledSoAfterItsRestarts() {
        UpgradeReport report = install(ailing("crash")).upgrade(patient());

        assertThat(failureOf(report).code()).isEqualTo(Code.CRASH_LOOP);
        assertThat(failureOf(report).message())
                .contains("container rootcoord: ", "exit code 1, 2 restart(s)", "\n  log: ");
    }

    @Test
    void row52AContainerThatCrashesForLongIsCalledSoBeforeItsRestarts() {
        UpgradeReport report =
                install(ailing("crash")).upgrade(patience(new Patience(NEVER, SOON, 1000, NEVER, NEVER, NEVER, NEVER)));

        assertThat(failureOf(report).code()).isEqualTo(Code.CRASH_LOOP);
    }

    @Test
    void row53OneEarlyCrashIsNoFailure() {
        assertSucceeded(install(ailing("crash-once")).upgrade(patient()));
    }

    @Test
    void row54AContainerKilledForItsMemoryIsNamed() {
        UpgradeReport report = install(ailing("oom")).upgrade(patient());

        assertThat(failureOf(report).code()).isEqualTo(Code.OUT_OF_MEMORY);
        assertThat(failureOf(report).message()).contains("container rootcoord: OOMKilled (exit code 137, 2 restart(s)");
    }

    @Test
    void row55ReadinessThatNeverComesEndsAtADeadlineOfOurOwn() {
        InstalledMilvus milvus = install(ailing("never-ready"));
        milvus.patch("rootcoord", JsonApi.MERGE_PATCH, "{spec: {progressDeadlineSeconds: 2592000}}");
        milvus.awaitSettled();

        UpgradeReport report = milvus.upgrade(patience(new Patience(NEVER, NEVER, 2, NEVER, NEVER, NEVER, SOON)));

        assertThat(failureOf(report).code()).isEqualTo(Code.NO_PROGRESS);
        assertThat(failureOf(report).message())
                .contains("deployment my-release-milvus-rootcoord: NoProgress (nothing has changed for 2 s)");
    }

    @Test
    void row55ReadinessThatNeverComesEndsAtTheDeadlineOfTheDeployment() {
        InstalledMilvus milvus = install(ailing("never-ready"));
        milvus.patch("rootcoord", JsonApi.MERGE_PATCH, "{spec: {progressDeadlineSeconds: 2}}");
        milvus.awaitSettled();

        UpgradeReport report = milvus.upgrade(patient());

        assertThat(failureOf(report).code()).isEqualTo(Code.NO_PROGRESS);
        assertThat(failureOf(report).message()).contains("ProgressDeadlineExceeded");
    }

    @Test
    void row56AQuotaThatRefusesThePodIsNamed() {
        InstalledMilvus milvus = install(smallCluster());
        KubernetesOptions options = patience(new Patience(NEVER, NEVER, 2, NEVER, Duration.ofSeconds(1), NEVER, NEVER));

        UpgradeReport report = upgradeOnce(milvus, options, () -> milvus.createQuota("full", 1));

        assertThat(failureOf(report).code()).isEqualTo(Code.PODS_REFUSED);
        assertThat(failureOf(report).message())
                .contains("deployment my-release-milvus-mixcoord: FailedCreate", "exceeded quota: full");
    }

    @Test
    void row57APodThatNoNodeTakesIsReportedInTheWordsOfTheScheduler() {
        InstalledMilvus milvus = install(smallCluster());
        KubernetesOptions options = patience(new Patience(NEVER, NEVER, 2, SOON, NEVER, NEVER, NEVER));

        UpgradeReport report = upgradeOnce(milvus, options, milvus.bed()::fillNodes);

        assertThat(failureOf(report).code()).isEqualTo(Code.UNSCHEDULABLE);
        assertThat(failureOf(report).message()).contains("Unschedulable (0/3 nodes are available: 3 Insufficient cpu");
    }

    @Test
    void row59AContainerThatCannotBeCreatedFromItsConfigurationIsReportedAtOnce() {
        UpgradeReport report = install(ailing("config-error")).upgrade(patient());

        assertThat(failureOf(report).code()).isEqualTo(Code.CONTAINER_CONFIG);
        assertThat(failureOf(report).message()).contains("container rootcoord: CreateContainerConfigError (");
    }

    @Test
    void row60AnOldPodThatDoesNotGoAwayIsReportedWhenItsGraceIsOver() {
        InstalledMilvus milvus = install(smallCluster());
        milvus.patch("mixcoord", JsonApi.MERGE_PATCH, "{spec: {template: {spec: {terminationGracePeriodSeconds: 1}}}}");
        milvus.awaitPod("mixcoord", "\"terminationGracePeriodSeconds\":1,");
        milvus.awaitSettled();
        String pod = milvus.podUids("mixcoord").keySet().iterator().next();
        String path = "/api/v1/namespaces/" + milvus.namespace() + "/pods/" + pod;
        milvus.api().patch(JsonApi.MERGE_PATCH, path, "{metadata: {finalizers: ['test.example/held']}}");

        UpgradeReport report = milvus.upgrade(patience(new Patience(NEVER, NEVER, 2, NEVER, NEVER, SOON, NEVER)));
        milvus.api().patch(JsonApi.MERGE_PATCH, path, "{metadata: {finalizers: null}}");

        assertThat(failureOf(report).code()).isEqualTo(Code.STUCK_TERMINATING);
        assertThat(failureOf(report).message())
                .contains("is stuck: pod " + pod + ": Terminating", "it has 1 s of grace");
    }

    /** Something happens once preflight is over, which would have found it. */
    private static UpgradeReport upgradeOnce(InstalledMilvus milvus, KubernetesOptions options, Runnable happened) {
        Upgrader upgrader =
                milvus.upgrader(options).listener(when("step 1/", happened)).build();
        return upgrader.execute(upgrader.plan(TARGET));
    }

    /** A cluster whose first component has a fault on the new image. */
    private static MilvusBlueprint ailing(String fault) {
        return cluster().annotatePods("rootcoord", "sim.cluster/fault", "v2.2.16=" + fault);
    }

    private static KubernetesOptions patient() {
        return patience(new Patience(NEVER, NEVER, 2, NEVER, NEVER, NEVER, NEVER));
    }

    private static KubernetesOptions patience(Patience patience) {
        return brisk().withPatience(patience);
    }
}
