package io.github.milvusupgrade;

import static io.github.milvusupgrade.ClusterAssert.assertThat;
import static io.github.milvusupgrade.ReportAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.Cancellation;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps that must not stay half-done: what their run has done is taken back at once. */
class TakeBackTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final Upgrader upgrader = withConversion(cluster);

    @Test
    void whatTheRunHasDoneIsTakenBackInReverseOrderWhenSuchAStepFails() {
        cluster.crash("acme/convert");

        UpgradeReport report = upgrader.execute(plan());

        UpgradeReport wayBack = report.wayBack().orElseThrow();
        assertThat(report)
                .failedIn("acme/convert", Code.CRASH_LOOP)
                .offers("everything that the run had done was taken back by run " + wayBack.run()
                        + ": remove the cause, then plan again");
        assertThat(wayBack).succeeded();
        assertThat(cluster)
                .undid("acme/convert", "2.2.16/roll/rootcoord")
                .runsEverywhere("v2.2.4")
                .remembers(report.run(), RunStatus.ROLLED_BACK)
                .remembers(wayBack.run(), RunStatus.SUCCEEDED);
        assertThat(report.duration()).isEqualTo(FakeCluster.ROLL.multipliedBy(2));
    }

    @Test
    void thePlanSaysSo() {
        assertThat(plan().describe())
                .contains("do acme/convert           undo: restore; if it fails, the run is taken back at once\n");
        assertThat(plan().toJson()).contains("\"onFailure\" : \"TAKE_BACK\"");
    }

    @Test
    void aFailureOfAnotherStepLeavesEverythingAsItIs() {
        cluster.crash("2.2.16/roll/querynode");

        UpgradeReport report = upgrader.execute(plan());

        assertThat(report.wayBack()).isEmpty();
        assertThat(cluster).undid().remembers(report.run(), RunStatus.FAILED);
    }

    @Test
    void aCallerMayWishItForEveryStep() {
        Upgrader cautious = cluster.upgrader().onFailure(OnFailure.TAKE_BACK).build();
        cluster.crash("2.2.16/roll/querynode");

        UpgradeReport report = cautious.execute(cautious.plan(TARGET));

        assertThat(report.wayBack().orElseThrow()).succeeded();
        assertThat(cluster).runsEverywhere("v2.2.4");
    }

    @Test
    void whoeverCancelsDecidesAlone() {
        Cancellation cancellation = Cancellation.create();
        cluster.during("acme/convert", context -> {
            cancellation.cancel();
            context.checkpoint();
        });

        UpgradeReport report = upgrader.execute(plan(), cancellation);

        assertThat(report).wasCancelledIn("acme/convert");
        assertThat(report.wayBack()).isEmpty();
        assertThat(cluster).undid().remembers(report.run(), RunStatus.CANCELLED);
    }

    @Test
    void whoeverLostTheLockWritesNothingMore() {
        cluster.during("acme/convert", context -> {
            cluster.lock().lose();
            context.checkpoint();
        });

        UpgradeReport report = upgrader.execute(plan());

        assertThat(report).failedIn("acme/convert", Code.LOCK_LOST);
        assertThat(report.wayBack()).isEmpty();
        assertThat(cluster).undid();
    }

    @Test
    void aWayBackThatFailsIsTheRunToBeResumed() {
        cluster.crash("acme/convert");
        cluster.crash("undo/2.2.16/roll/rootcoord");

        UpgradeReport report = upgrader.execute(plan());

        UpgradeReport wayBack = report.wayBack().orElseThrow();
        assertThat(report).offers("go on after a fix: upgrader.resume(\"" + wayBack.run() + "\")");
        cluster.calm();
        assertThat(withConversion(cluster).resume(wayBack.run())).succeeded();
        assertThat(cluster).runsEverywhere("v2.2.4").remembers(report.run(), RunStatus.ROLLED_BACK);
    }

    @Test
    void aRunWithoutAWayBackSaysWhyItStays() {
        Upgrader oneWay = cluster.upgrader()
                .customize(plan -> plan.withAfter(
                        Component.ROOTCOORD,
                        cluster.step("acme/drop")
                                .saying("drop the old index")
                                .withoutWayBack("indexes are gone")
                                .takenBackOnFailure()))
                .build();
        cluster.crash("acme/drop");

        UpgradeReport report = oneWay.execute(oneWay.plan(TARGET));

        assertThat(report)
                .failedIn("acme/drop", Code.CRASH_LOOP)
                .warns("The run was to be taken back at once, but: MU-408 Cannot roll back run " + report.run()
                        + " of default/my-release: step acme/drop (\"drop the old index\") was begun and has no way back:"
                        + " indexes are gone. Go on with resume(\"" + report.run() + "\").");
    }

    @Test
    void aStepLearnsThatItWasBegunBefore() {
        List<Boolean> begunBefore = new ArrayList<>();
        cluster.during("2.2.16/roll/querynode", context -> begunBefore.add(context.begunBefore()));
        cluster.journal().failAt("APPLIED 2.2.16/roll/querynode");
        UpgradeReport report = upgrader.execute(plan());

        withConversion(cluster).resume(report.run()).throwIfFailed();

        assertThat(begunBefore).containsExactly(false, true);
    }

    @Test
    void theReportTellsBothRuns() throws Exception {
        cluster.crash("acme/convert");

        UpgradeReport report = upgrader.execute(plan());

        UpgradeReport wayBack = report.wayBack().orElseThrow();
        assertThat(report.describe())
                .contains(
                        "MU-512 Step \"do acme/convert\" failed: Container milvus restarts again and again.",
                        "then SUCCEEDED: rollback of run " + report.run() + " (2.2.4 -> 2.2.16)");
        assertThat(report.toMarkdown())
                .contains("## Taken back: SUCCEEDED: rollback of run " + report.run(), "| restore | APPLIED |");
        assertThat(new ObjectMapper()
                        .readTree(report.toJson())
                        .at("/wayBack/run")
                        .asText())
                .isEqualTo(wayBack.run().value());
    }

    static Stream<Arguments> momentsAfterTheFailure() {
        FakeCluster cluster = FakeCluster.running("2.2.4");
        cluster.crash("acme/convert");
        Upgrader upgrader = withConversion(cluster);
        upgrader.execute(upgrader.plan(TARGET));
        List<String> moments = cluster.mortality().moments();
        int failure = moments.indexOf("before applying acme/convert");
        return IntStream.range(failure, moments.size()).mapToObj(i -> Arguments.of(i, moments.get(i)));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("momentsAfterTheFailure")
    void whateverIsUnfinishedAfterADeathIsResumedToTheSameEnd(int moment, String name) {
        cluster.crash("acme/convert");
        cluster.mortality().dieAt(moment);
        assertThatThrownBy(() -> upgrader.execute(plan())).hasMessage("The process died " + name + ".");
        cluster.mortality().startAnotherProcess();

        Upgrader survivor = withConversion(cluster);
        cluster.journal()
                .unfinished(FakeCluster.ID)
                .map(JournaledRun::header)
                .ifPresent(header -> survivor.resume(header.run()));

        assertThat(cluster).runsEverywhere("v2.2.4");
        assertThat(cluster.journal().unfinished(FakeCluster.ID)).isEmpty();
    }

    private UpgradePlan plan() {
        return upgrader.plan(TARGET);
    }

    /** After rootcoord was rolled, something is done that must not stay half-done. */
    private static Upgrader withConversion(FakeCluster cluster) {
        return cluster.upgrader()
                .customize(plan -> plan.withAfter(
                        Component.ROOTCOORD,
                        cluster.step("acme/convert")
                                .undoneBy("restore", context -> StepResult.applied("restored"))
                                .takenBackOnFailure()))
                .build();
    }
}
