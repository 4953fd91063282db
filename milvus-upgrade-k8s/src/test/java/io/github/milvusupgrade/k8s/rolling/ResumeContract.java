package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rollout.Patience;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.run.Cancellation;
import io.github.milvusupgrade.run.StepReport;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whatever ends a run, a second one goes on from there: nothing is rolled twice, nothing is forgotten. */
abstract class ResumeContract extends RollingContract {

    ResumeContract(Supplier<TestBed> beds) {
        super(beds);
    }

    @Test
    void aFailedRunGoesOnOnceItsCauseIsGone() {
        InstalledMilvus milvus = install(smallCluster());
        SortedMap<String, String> before = milvus.settings();
        KubernetesOptions options = brisk().withProfile(Profiles.official(1))
                .withPatience(new Patience(NEVER, NEVER, 2, NEVER, Duration.ofSeconds(1), NEVER, NEVER));
        Upgrader upgrader = milvus.upgrader(options)
                .listener(when("mixcoord runs " + NEW_IMAGE, () -> milvus.createQuota("full", 1)))
                .build();
        UpgradeReport failed = upgrader.execute(upgrader.plan(TARGET));
        assertThat(failureOf(failed).code()).isEqualTo(Code.PODS_REFUSED);
        assertThat(milvus.images().get("indexnode")).containsExactly(NEW_IMAGE);
        assertThat(milvus.images().get("proxy")).containsExactly(OLD_IMAGE);

        milvus.deleteQuota("full");
        UpgradeReport resumed = upgrader.resume(failed.run());

        assertSucceeded(resumed);
        assertThat(resumed.steps())
                .extracting(StepReport::title, StepReport::status)
                .startsWith(
                        tuple(
                                "let coordinators stand by while they are replaced (user.yaml in ConfigMap"
                                        + " my-release-milvus)",
                                StepReport.Status.DONE_BEFORE),
                        tuple("roll mixcoord to 2.2.16", StepReport.Status.DONE_BEFORE),
                        tuple("roll indexnode to 2.2.16", StepReport.Status.APPLIED));
        milvus.assertUpgradedFrom(before);
    }

    @Test
    void aCancelledRunStopsInTheMiddleOfARolloutAndGoesOn() {
        InstalledMilvus milvus = install(smallCluster().annotatePods("indexnode", "sim.cluster/ready-after", "2s"));
        SortedMap<String, String> before = milvus.settings();
        Cancellation cancellation = Cancellation.create();
        Upgrader upgrader = milvus.upgrader(brisk())
                .listener(when("indexnode: 1 of 1 pods are new, 1 ready", cancellation::cancel))
                .build();

        UpgradeReport cancelled = upgrader.execute(upgrader.plan(TARGET), cancellation);

        assertThat(failureOf(cancelled).code()).isEqualTo(Code.CANCELLED);
        assertThat(milvus.imagesOf("proxy")).containsExactly(OLD_IMAGE);
        assertSucceeded(upgrader.resume(cancelled.run()));
        milvus.assertUpgradedFrom(before);
    }

    @Test
    void row33AnInterruptedRunKeepsTheFlagGivesTheLockBackAndGoesOn() throws InterruptedException {
        InstalledMilvus milvus = install(smallCluster().annotatePods("mixcoord", "sim.cluster/ready-after", "2s"));
        SortedMap<String, String> before = milvus.settings();
        AtomicReference<Thread> worker = new AtomicReference<>();
        Upgrader upgrader = milvus.upgrader(brisk())
                .listener(when(
                        "mixcoord: 1 of 1 pods are new, 1 ready",
                        () -> worker.get().interrupt()))
                .build();
        AtomicReference<UpgradeReport> report = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            report.set(upgrader.execute(upgrader.plan(TARGET)));
            flag.set(Thread.currentThread().isInterrupted());
        });
        worker.set(thread);
        thread.start();
        thread.join();

        assertThat(failureOf(report.get()).code()).isEqualTo(Code.CANCELLED);
        assertThat(flag.get()).as("the interrupt flag of the caller").isTrue();
        assertThat(milvus.lease().at("/spec/holderIdentity").asText()).isEmpty();
        assertSucceeded(upgrader.resume(report.get().run()));
        milvus.assertUpgradedFrom(before);
    }

    @Test
    void row36ARunWhoseJournalIsDeletedStopsBeforeItsNextStep() {
        InstalledMilvus milvus = install(smallCluster());
        Upgrader upgrader = milvus.upgrader(brisk())
                .listener(when("mixcoord runs " + NEW_IMAGE, milvus::deleteJournals))
                .build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(failureOf(report).code()).isEqualTo(Code.JOURNAL_WRITE_FAILED);
        assertThat(milvus.imagesOf("mixcoord")).containsExactly(NEW_IMAGE);
        assertThat(milvus.imagesOf("indexnode")).containsExactly(OLD_IMAGE);
    }

    @Test
    void row35ADamagedJournalIsRefusedByNameAndNothingIsTouched() {
        InstalledMilvus milvus = install(smallCluster());
        UpgradeReport first = milvus.upgrade(brisk());
        assertSucceeded(first);
        SortedMap<String, String> before = milvus.settings();
        String journal = "milvus-upgrade-" + first.run();
        milvus.api().patch(JsonApi.MERGE_PATCH, milvus.configMapPath(journal), "{data: {'header.json': '{'}}");

        Upgrader upgrader = milvus.upgrader(brisk()).build();
        UpgradeReport report = upgrader.execute(upgrader.plan(MilvusVersion.parse("2.3.22")));

        assertThat(failureOf(report).code()).isEqualTo(Code.JOURNAL_UNREADABLE);
        assertThat(failureOf(report).message())
                .contains("Cannot read the journal in ConfigMap " + milvus.namespace() + "/" + journal);
        assertThat(milvus.changesSince(before)).isEmpty();
    }

    @Test
    void aJournalThatSomebodyAnnotatesInBetweenIsWrittenOn() {
        InstalledMilvus milvus = install(smallCluster());
        Upgrader upgrader = milvus.upgrader(brisk())
                .listener(when("mixcoord runs " + NEW_IMAGE, milvus::annotateJournals))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(upgrader.runs()).extracting(JournaledRun::status).containsExactly(RunStatus.SUCCEEDED);
    }
}
