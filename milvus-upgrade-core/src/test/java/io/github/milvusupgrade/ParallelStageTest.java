package io.github.milvusupgrade;

import static io.github.milvusupgrade.ClusterAssert.assertThat;
import static io.github.milvusupgrade.ReportAssert.assertThat;
import static io.github.milvusupgrade.run.StepReport.Status.APPLIED;
import static io.github.milvusupgrade.run.StepReport.Status.FAILED;
import static io.github.milvusupgrade.run.StepReport.Status.NOT_STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ParallelStageTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Upgrader upgrader = cluster.upgrader().parallel(threads).build();
    private final CountDownLatch bothRun = new CountDownLatch(2);
    private final CountDownLatch oneFailed = new CountDownLatch(1);

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
        Thread.interrupted();
    }

    @Test
    void theStepsOfAStageRunAtTheSameTime() {
        cluster.during("2.2.16/roll/datanode", this::waitForTheOther);
        cluster.during("2.2.16/roll/querynode", this::waitForTheOther);

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(report).succeeded();
        assertThat(cluster.history().of("journal"))
                .startsWith("BEGIN", "STARTED 2.2.16/roll/rootcoord", "APPLIED 2.2.16/roll/rootcoord")
                .endsWith("STARTED 2.2.16/roll/proxy", "APPLIED 2.2.16/roll/proxy", "ENDED SUCCEEDED");
        assertThat(cluster).runsEverywhere("v2.2.16");
    }

    @Test
    void ifOneFailsTheOtherIsFinishedAndTheNextStageDoesNotBegin() {
        cluster.during("2.2.16/roll/datanode", context -> {
            waitForTheOther(context);
            oneFailed.countDown();
            throw new UpgradeException(Code.CRASH_LOOP, "Container milvus restarts again and again.");
        });
        cluster.during("2.2.16/roll/querynode", context -> {
            waitForTheOther(context);
            await(oneFailed);
        });

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(report)
                .failedIn("2.2.16/roll/datanode", Code.CRASH_LOOP)
                .hasStatuses(APPLIED, FAILED, APPLIED, NOT_STARTED);
        assertThat(cluster).remembers(report.run(), RunStatus.FAILED);
        cluster.calm();
        assertThat(upgrader.resume(report.run())).succeeded();
    }

    @Test
    void ifBothFailOneIsTheReasonAndTheOtherAWarning() {
        cluster.during("2.2.16/roll/datanode", context -> {
            throw new UpgradeException(Code.CRASH_LOOP, "datanode restarts again and again.");
        });
        cluster.during("2.2.16/roll/querynode", context -> {
            throw new UpgradeException(Code.OUT_OF_MEMORY, "querynode was killed.");
        });
        Upgrader inOrder = cluster.upgrader().parallel(Runnable::run).build();

        assertThat(inOrder.execute(inOrder.plan(TARGET)))
                .failedIn("2.2.16/roll/datanode", Code.CRASH_LOOP)
                .hasStatuses(APPLIED, FAILED, FAILED, NOT_STARTED)
                .warns("Step \"roll querynode to 2.2.16\" failed as well: querynode was killed.");
    }

    @Test
    void withoutAnExecutorTheyGoOneAfterTheOther() {
        Upgrader alone = cluster.upgrader().build();

        alone.execute(alone.plan(TARGET)).throwIfFailed();

        assertThat(cluster.history().of("journal"))
                .containsSubsequence("APPLIED 2.2.16/roll/datanode", "STARTED 2.2.16/roll/querynode");
    }

    @Test
    void anInterruptCancelsWhatRunsAndWaitsForItUnderTheLock() {
        Thread caller = Thread.currentThread();
        cluster.during("2.2.16/roll/datanode", context -> {
            waitForTheOther(context);
            caller.interrupt();
            stopWhenCancelled(context);
        });
        cluster.during("2.2.16/roll/querynode", context -> {
            waitForTheOther(context);
            stopWhenCancelled(context);
        });

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.failure()).map(UpgradeReport.Failure::code).contains(Code.CANCELLED);
        assertThat(cluster).remembers(report.run(), RunStatus.CANCELLED);
        assertThat(cluster.history().lines()).endsWith("journal ENDED CANCELLED", "lock given back");
    }

    @Test
    void anErrorOnAThreadOfTheExecutorEndsTheRunAndNotOnlyThatThread() {
        cluster.during("2.2.16/roll/datanode", context -> {
            throw new NoClassDefFoundError("acme/Queue");
        });

        assertThatThrownBy(() -> upgrader.execute(upgrader.plan(TARGET)))
                .isInstanceOf(NoClassDefFoundError.class)
                .hasMessage("acme/Queue");
        assertThat(cluster.history().of("apply")).doesNotContain("2.2.16/roll/proxy");
        assertThat(cluster.history().lines()).endsWith("lock given back");
    }

    @Test
    void anExecutorThatTakesNoMoreStepsIsAFailureAndTheOthersAreWaitedFor() {
        Upgrader rejected = cluster.upgrader()
                .parallel(task -> {
                    throw new RejectedExecutionException("the pool is shut down");
                })
                .build();

        UpgradeReport report = rejected.execute(rejected.plan(TARGET));

        assertThat(report)
                .failedIn("2.2.16/roll/datanode", Code.STEP_FAILED)
                .says("Step \"roll datanode to 2.2.16\" failed: the executor did not take it: the pool is shut down");
        assertThat(cluster).applied("2.2.16/roll/rootcoord").remembers(report.run(), RunStatus.FAILED);
    }

    private void waitForTheOther(StepContext context) throws InterruptedException {
        bothRun.countDown();
        await(bothRun);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(10, TimeUnit.SECONDS))
                .as("the other step runs as well")
                .isTrue();
    }

    private static void stopWhenCancelled(StepContext context) {
        while (true) {
            context.checkpoint();
            Thread.onSpinWait();
        }
    }
}
