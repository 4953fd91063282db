package io.github.milvusupgrade.k8s.migrate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Patch;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.rehearsal.PodFault;
import io.github.milvusupgrade.k8s.rehearsal.PodOutcome;
import io.github.milvusupgrade.k8s.rehearsal.ToolFault;
import io.github.milvusupgrade.k8s.rollout.Patience;
import io.github.milvusupgrade.run.Outcome;
import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.UpgradeStep;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever goes wrong, the end is one of two: the new version on converted metadata, or the old version on exactly the
 * metadata that it had. Tests are named after the rows of {@code docs/faults.md}.
 */
class MigrationFaultsTest {

    private RehearsedMigration milvus = new RehearsedMigration();

    @AfterEach
    void close() {
        milvus.close();
    }

    private void another(RehearsedMigration one) {
        milvus.close();
        milvus = one;
    }

    private UpgradeReport assertTakenBack(Code code) {
        UpgradeReport report = milvus.run();
        assertTakenBack(report, code);
        return report;
    }

    private void assertTakenBack(UpgradeReport report, Code code) {
        assertThat(report.outcome()).as(report.describe()).isEqualTo(Outcome.FAILED);
        assertThat(report.failure().orElseThrow().code()).as(report.describe()).isEqualTo(code);
        assertThat(report.wayBack()).as(report.describe()).isPresent();
        assertThat(report.wayBack().orElseThrow().outcome())
                .as(report.describe())
                .isEqualTo(Outcome.SUCCEEDED);
        milvus.assertOldServesOnItsExactMetadata();
    }

    private UpgradeReport assertBlocked(String why) {
        UpgradeReport report = milvus.run();
        assertThat(report.outcome()).as(report.describe()).isEqualTo(Outcome.BLOCKED);
        assertThat(report.describe()).contains(why);
        milvus.assertUntouched();
        return report;
    }

    /** Lets something happen right after a step. */
    private Upgrader after(String step, Consumer<StepContext> happening) {
        return milvus.upgrader()
                .customize(plan -> plan.withAfter(StepId.of("2.2.16/migrate/" + step), new UpgradeStep() {
                    @Override
                    public StepId id() {
                        return StepId.of("test/happening");
                    }

                    @Override
                    public String summary() {
                        return "let something happen";
                    }

                    @Override
                    public StepResult apply(StepContext context) {
                        happening.accept(context);
                        return StepResult.applied("it has happened");
                    }
                }))
                .build();
    }

    @Test
    void row86EtcdThatDoesNotAnswerIsFoundBeforeAnythingIsStopped() {
        milvus.cluster.etcd().cutOff();
        assertBlocked("MU-702");
    }

    @Test
    void row86AnEtcdWithoutSpaceIsFoundBeforeAnythingIsStopped() {
        milvus.cluster.etcd().fillUp();
        assertBlocked("NOSPACE");
    }

    @Test
    void row86EtcdThatIsLostMidRunEndsTheRunBeforeAnythingIsConverted() {
        UpgradeReport report = milvus.run(
                after("await-sessions", context -> milvus.cluster.etcd().cutOff()));
        assertThat(report.outcome()).as(report.describe()).isEqualTo(Outcome.FAILED);
        assertThat(report.wayBack().orElseThrow().outcome()).isEqualTo(Outcome.SUCCEEDED);
        milvus.cluster.clearFaults();
        milvus.assertOldServesOnItsExactMetadata();
    }

    @Test
    void row87ASessionThatStaysIsNamedAndTheMetadataIsNotTouched() {
        milvus.with(options -> options.withSessionTimeout(Duration.ofSeconds(2)));
        UpgradeReport report = milvus.run(after(
                "stop",
                context ->
                        milvus.cluster.etcd().openSession("by-dev/meta/session/proxy-99", "{}", Duration.ofDays(1))));
        assertThat(report.failure().orElseThrow().code()).as(report.describe()).isEqualTo(Code.SESSIONS_ALIVE);
        assertThat(report.failure().orElseThrow().message()).contains("1 alive: proxy-99");
        milvus.assertOldServesOnItsExactMetadata();
    }

    @Test
    void row88ASessionThatAppearsWhileTheToolWorksLeadsBackToTheBackup() {
        milvus.cluster.inject(ToolFault.sessionAppears().during("run"));
        assertTakenBack(Code.TOOL_FAILED);
    }

    @Test
    void row89ABackupThatFailsOnceIsTriedAgainInANewPod() {
        milvus.cluster.inject(ToolFault.backupFails().times(1));
        UpgradeReport report = milvus.run();
        assertThat(report.outcome()).as(report.describe()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(milvus.toolPods())
                .anyMatch(name -> name.endsWith("-backup-1"))
                .anyMatch(name -> name.endsWith("-backup-2"));
        milvus.assertNewServesOnMigratedMetadata();
    }

    @Test
    void row89ABackupThatKeepsFailingStartsTheOldVersionAgain() {
        milvus.cluster.inject(ToolFault.backupFails());
        UpgradeReport report = assertTakenBack(Code.TOOL_FAILED);
        assertThat(report.failure().orElseThrow().message())
                .contains("-backup-3) failed, and no backup was finished: exit code 1")
                .contains("log: ");
    }

    @Test
    void row90AndM4AToolThatDiesAfterItsCleanUpLeadsBackToTheBackup() {
        milvus.cluster.inject(ToolFault.diesAfterClean());
        assertTakenBack(Code.TOOL_FAILED);
    }

    @Test
    void row90AToolThatDiesHalfWayLeadsBackToTheBackup() {
        milvus.cluster.inject(ToolFault.diesHalfWay().afterKeys(7));
        assertTakenBack(Code.TOOL_FAILED);
    }

    @Test
    void row90AToolThatPanicsLeadsBackToTheBackup() {
        milvus.cluster.inject(ToolFault.panics().during("run"));
        UpgradeReport report = assertTakenBack(Code.TOOL_FAILED);
        assertThat(report.failure().orElseThrow().message()).contains("failed unexpectedly: exit code 100");
    }

    @Test
    void m7AToolThatHangsIsStoppedInItsTimeAndLeadsBackToTheBackup() {
        milvus.with(options -> options.withToolTimeout(Duration.ofSeconds(2)));
        milvus.cluster.inject(ToolFault.hangs().during("run"));
        assertTakenBack(Code.TOOL_TIMED_OUT);
    }

    @Test
    void row91AndM4ABackupThatIsCutIsNotedBeforeAnythingIsConverted() {
        milvus.cluster.inject(ToolFault.backupCut());
        UpgradeReport report = assertTakenBack(Code.BACKUP_UNUSABLE);
        assertThat(report.failure().orElseThrow().message())
                .contains("its header announces " + milvus.keys() + " entries, but ");
        assertThat(milvus.toolPods()).noneMatch(name -> name.contains("-run-"));
    }

    @Test
    void row91ABackupWithoutEntriesIsNone() {
        milvus.cluster.inject(ToolFault.backupEmpty());
        assertTakenBack(Code.BACKUP_UNUSABLE);
    }

    @Test
    void row91AWrongRootPathIsFoundBeforeAnythingIsStopped() {
        milvus.with(options -> options.withRootPath("by-prod"));
        assertBlocked("holds nothing under by-prod/meta/");
    }

    @Test
    void row91TheMetadataOfSomebodyElseIsFoundBeforeAnythingIsStopped() {
        milvus.cluster.etcd().put("other/meta/root-coord/collection/1", "x");
        milvus.cluster
                .etcd()
                .openSession("other/meta/session/rootcoord", "{\"Address\":\"10.9.9.9:53100\"}", Duration.ofDays(1));
        milvus.with(options -> options.withRootPath("other"));
        assertBlocked("sessions there are rootcoord of 10.9.9.9, and no pod of this instance is among them");
    }

    @Test
    void row92AndM7AVolumeThatIsNeverBoundIsFoundBeforeAnythingIsStopped() {
        milvus.with(options -> options.withStorageClass("never"));
        Upgrader upgrader = Upgrader.forCluster(KubernetesMilvusCluster.connect(
                        milvus.cluster.apiClient(),
                        RehearsedMigration.NAMESPACE,
                        RehearsedMigration.INSTANCE,
                        KubernetesOptions.defaults()
                                .withMigrate(MigrateOptions.defaults().withStorageClass("never"))
                                .withPatience(impatient())))
                .build();
        UpgradeReport report = upgrader.execute(upgrader.plan(RehearsedMigration.TARGET));
        assertThat(report.failure().orElseThrow().code()).as(report.describe()).isEqualTo(Code.VOLUME_PENDING);
        milvus.assertUntouched();
    }

    private static Patience impatient() {
        return new Patience(
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                3,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60));
    }

    @Test
    void row92AStorageClassThatIsNotThereBlocks() {
        milvus.with(options -> options.withStorageClass("fast"));
        assertBlocked("There is no storage class fast. Choose one with MigrateOptions.withStorageClass; there are: ");
    }

    @Test
    void row93AToolWhoseImageIsMissingIsFoundBeforeAnythingIsStopped() {
        milvus.with(options -> options.withToolImage("milvusdb/meta-migration:v2.2.0.99"));
        UpgradeReport report = milvus.run();
        assertThat(report.failure().orElseThrow().code()).as(report.describe()).isEqualTo(Code.IMAGE_UNAVAILABLE);
        milvus.assertUntouched();
    }

    @Test
    void aQuotaThatHasNoRoomForTheToolBlocks() {
        ObjectNode quota = JsonNodeFactory.instance.objectNode();
        quota.put("apiVersion", "v1").put("kind", "ResourceQuota");
        quota.putObject("metadata").put("name", "small");
        quota.putObject("spec").putObject("hard").put("pods", "9");
        milvus.api.create(Resource.RESOURCE_QUOTAS.in(RehearsedMigration.NAMESPACE, "small"), quota, sent -> true);
        assertBlocked("exceeded quota: small");
    }

    @Test
    void row94ARestoreThatFailsIsToldLoudlyAndNothingIsStarted() {
        milvus.cluster.inject(ToolFault.diesAfterClean());
        milvus.cluster.inject(ToolFault.rollbackFails());
        UpgradeReport report = milvus.run();
        UpgradeReport back = report.wayBack().orElseThrow();
        assertThat(back.outcome()).as(report.describe()).isEqualTo(Outcome.FAILED);
        assertThat(back.failure().orElseThrow().code()).isEqualTo(Code.RESTORE_FAILED);
        assertThat(back.failure().orElseThrow().message())
                .contains(
                        "MILVUS IS STOPPED AND WAS NOT STARTED",
                        "/milvus/data/migration.bak on volume claim default/"
                                + milvus.claims().get(0),
                        "kubectl -n default get pvc " + milvus.claims().get(0));
        assertThat(milvus.milvusPods()).isEmpty();

        milvus.cluster.clearFaults();
        UpgradeReport resumed = milvus.upgrader().build().resume(back.run());
        assertThat(resumed.outcome()).as(resumed.describe()).isEqualTo(Outcome.SUCCEEDED);
        milvus.assertOldServesOnItsExactMetadata();
    }

    @Test
    void row95AToolThatSaysItIsDoneAndHasChangedNothingIsNotBelieved() {
        milvus.cluster.podWork(pod -> pod.path("metadata").path("name").asText().contains("-run-")
                ? new PodOutcome(Duration.ofSeconds(1), 0, List.of("compatible, nothing to do"))
                : null);
        UpgradeReport report = assertTakenBack(Code.CONVERSION_IN_DOUBT);
        assertThat(report.failure().orElseThrow().message()).contains("is what it was before");
    }

    @Test
    void row49ABackupThatSomebodyDeletedMeansThatNothingIsConverted() {
        UpgradeReport report = milvus.run(after("verify-backup", context -> {
            ObjectRef ref = Resource.PERSISTENT_VOLUME_CLAIMS.in(
                    RehearsedMigration.NAMESPACE, milvus.claims().get(0));
            milvus.api.delete(ref, milvus.api.get(ref).at("/metadata/uid").asText());
        }));
        assertTakenBack(report, Code.BACKUP_UNUSABLE);
    }

    @Test
    void m17PodsThatSomebodyStartsMeanThatNothingIsConverted() {
        UpgradeReport report = milvus.run(after("verify-backup", context -> scale("my-release-milvus-proxy", 1)));
        assertThat(report.failure().orElseThrow().code()).as(report.describe()).isEqualTo(Code.STILL_RUNNING);
        milvus.assertOldServesOnItsExactMetadata();
    }

    private void scale(String deployment, int replicas) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("spec").put("replicas", replicas);
        milvus.api.patch(
                Resource.DEPLOYMENTS.in(RehearsedMigration.NAMESPACE, deployment), Patch.merge(body), sent -> true);
        await().until(() -> !milvus.milvusPods().isEmpty());
    }

    @Test
    void row97AnEtcdThatAsksForAnAccountIsAskedByAPodThatHasIt() {
        milvus.askingForAnAccount();
        milvus.cluster.etcd().requireLogin("root", "it's a secret");
        secret("etcd-root", "root", "it's a secret");
        milvus.with(options -> options.withEtcdAccount(new EtcdAccount("etcd-root", "username", "password")));
        UpgradeReport report = milvus.run();
        assertThat(report.outcome()).as(report.describe()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.describe() + report.toJson()).doesNotContain("it's a secret");
    }

    @Test
    void row97AnEtcdThatRefusesTheAccountIsFoundBeforeAnythingIsStopped() {
        milvus.askingForAnAccount();
        milvus.cluster.etcd().requireLogin("root", "right");
        secret("etcd-root", "root", "wrong");
        milvus.with(options -> options.withEtcdAccount(new EtcdAccount("etcd-root", "username", "password")));
        UpgradeReport report = milvus.run();
        assertThat(report.failure().orElseThrow().code()).as(report.describe()).isEqualTo(Code.ETCD_REFUSED);
        milvus.assertUntouched();
    }

    @Test
    void row97WithoutTheAccountThatTheConfigurationNamesNoPlanIsMade() {
        milvus.askingForAnAccount();
        assertThat(catchThrowable(() -> milvus.upgrader().build().plan(RehearsedMigration.TARGET)))
                .hasMessage("default/my-release is configured with etcd.auth.enabled: true, so the migration needs"
                        + " credentials for etcd. Name the Secret that holds them with MigrateOptions.withEtcdAccount."
                        + " Nothing was changed.");
    }

    private void secret(String name, String user, String password) {
        ObjectNode secret = JsonNodeFactory.instance.objectNode();
        secret.put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("name", name);
        ObjectNode data = secret.putObject("data");
        data.put("username", Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
        data.put("password", Base64.getEncoder().encodeToString(password.getBytes(UTF_8)));
        milvus.api.create(Resource.SECRETS.in(RehearsedMigration.NAMESPACE, name), secret, sent -> true);
    }

    @Test
    void row98ManyKeysAreReadPageByPageAndProgressIsTold() {
        another(new RehearsedMigration(blueprint -> blueprint.metadataKeys(2300)));
        List<String> told = new CopyOnWriteArrayList<>();
        Upgrader upgrader = milvus.upgrader()
                .listener(event -> {
                    if (event instanceof UpgradeEvent.StepProgressed progress) {
                        told.add(progress.text());
                    }
                })
                .build();
        UpgradeReport report = milvus.run(upgrader);
        assertThat(report.outcome()).as(report.describe()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(told).contains("read 500 keys of etcd", "read 999 keys of etcd");
        assertThat(report.describe()).contains("the backup is whole: " + milvus.keys() + " entries");
    }

    @Test
    void aNewVersionThatDoesNotStartLeadsBackToTheBackup() {
        milvus.cluster.inject(PodFault.neverReady().component("rootcoord").tag("v2.2.16"));
        assertTakenBack(Code.NO_PROGRESS);
    }

    @Test
    void whatTheNewVersionWroteIsGoneWhenTheOldOneIsBack() {
        Upgrader upgrader = after("start", context -> {
            milvus.cluster.etcd().put("by-dev/meta/root-coord/credential/users/root", "of 2.2");
            throw new UpgradeException(Code.STEP_FAILED, "This fails on purpose.");
        });
        UpgradeReport report = milvus.run(upgrader);
        UpgradeReport back = upgrader.execute(upgrader.planRollback(report.run()));
        assertThat(back.outcome()).as(back.describe()).isEqualTo(Outcome.SUCCEEDED);
        milvus.assertOldServesOnItsExactMetadata();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void m4AFailureAfterAnyStepEndsWithTheOldVersionOnItsExactMetadata(int step) {
        Upgrader upgrader = milvus.upgrader()
                .customize(plan -> MigrationDrill.failAfter(plan, step))
                .build();
        assertTakenBack(milvus.run(upgrader), Code.STEP_FAILED);
    }
}
