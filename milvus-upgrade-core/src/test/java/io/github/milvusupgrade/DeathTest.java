package io.github.milvusupgrade;

import static io.github.milvusupgrade.ClusterAssert.assertThat;
import static io.github.milvusupgrade.ReportAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.Mortality.ProcessDied;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.version.MilvusVersion;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process dies at every moment of a run of two hops: around each write of the journal and around each step. Another
 * process goes on with what the journal and the instance remember.
 */
class DeathTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.3.22");
    private static final List<String> EFFECTS = undisturbedEffects();

    static Stream<Arguments> momentsOfARun() {
        FakeCluster cluster = FakeCluster.running("2.2.4");
        upgrade(cluster).throwIfFailed();
        return numbered(cluster.mortality().moments());
    }

    static Stream<Arguments> momentsOfARollback() {
        FakeCluster cluster = FakeCluster.running("2.2.4");
        RunId run = upgrade(cluster).run();
        int before = cluster.mortality().moments().size();
        rollBack(cluster, run).throwIfFailed();
        List<String> moments = cluster.mortality().moments();
        return numbered(moments.subList(before, moments.size()));
    }

    @Test
    void everyWriteAndEveryStepIsAMomentToDieAt() {
        assertThat(momentsOfARun().map(moment -> moment.get()[1]))
                .hasSize(2 + 8 * 7 + 2)
                .contains(
                        "before writing BEGIN",
                        "while capturing 2.3.22/roll/proxy",
                        "before writing STARTED 2.3.22/roll/proxy",
                        "after writing STARTED 2.3.22/roll/proxy",
                        "before applying 2.3.22/roll/proxy",
                        "after applying 2.3.22/roll/proxy",
                        "before writing APPLIED 2.3.22/roll/proxy",
                        "after writing APPLIED 2.3.22/roll/proxy",
                        "after writing ENDED SUCCEEDED");
        assertThat(momentsOfARollback().map(moment -> moment.get()[1]))
                .hasSize(2 + 8 * 6 + 4)
                .contains("after writing ENDED ROLLED_BACK");
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("momentsOfARun")
    void row27_28_29_33_anotherProcessFinishesTheRunAndNothingTakesEffectTwice(int moment, String name) {
        FakeCluster cluster = FakeCluster.running("2.2.4");
        dieAt(cluster, moment, name, () -> upgrade(cluster));
        goOn(cluster);

        assertThat(cluster).runsEverywhere("v2.3.22").changed(EFFECTS.toArray(String[]::new));
        assertThat(cluster.journal().unfinished(FakeCluster.ID)).isEmpty();
        assertAppliedOnceButFor(cluster, name);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("momentsOfARun")
    void row27_anotherProcessCanAlsoGoBackToWhatRanBefore(int moment, String name) {
        FakeCluster cluster = FakeCluster.running("2.2.4");
        dieAt(cluster, moment, name, () -> upgrade(cluster));

        Upgrader survivor = cluster.upgrader().build();
        for (JournaledRun run : survivor.runs()) {
            if (run.touched().isEmpty()) {
                survivor.abandon(run.header().run());
            } else {
                rollBack(cluster, run.header().run()).throwIfFailed();
            }
        }

        assertThat(cluster).runsEverywhere("v2.2.4");
        assertThat(cluster.journal().unfinished(FakeCluster.ID)).isEmpty();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("momentsOfARollback")
    void row27_28_29_anotherProcessFinishesTheRollback(int moment, String name) {
        FakeCluster cluster = FakeCluster.running("2.2.4");
        UpgradeReport upgrade = upgrade(cluster);
        cluster.history().forget();
        dieAt(cluster, cluster.mortality().moments().size() + moment, name, () -> rollBack(cluster, upgrade.run()));

        Upgrader survivor = cluster.upgrader().build();
        List<JournaledRun> runs = survivor.runs();
        if (runs.size() == 1) {
            rollBack(cluster, upgrade.run()).throwIfFailed();
        } else if (runs.get(1).unfinished()) {
            survivor.resume(runs.get(1).header().run()).throwIfFailed();
        }

        assertThat(cluster).runsEverywhere("v2.2.4").remembers(upgrade.run(), RunStatus.ROLLED_BACK);
        assertThat(cluster.history().of("effect")).hasSize(8);
        assertThat(survivor.runs().get(1).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(cluster.journal().unfinished(FakeCluster.ID)).isEmpty();
    }

    @Test
    void aRunThatDiesAgainAndAgainComesToItsEnd() {
        FakeCluster cluster = FakeCluster.running("2.2.4");
        dieAt(cluster, 10, "before writing STARTED 2.2.16/roll/datanode", () -> upgrade(cluster));
        RunId run = cluster.journal()
                .unfinished(FakeCluster.ID)
                .orElseThrow()
                .header()
                .run();
        int deaths = 0;
        while (cluster.statusOf(run).unfinished()) {
            Upgrader next = cluster.upgrader().build();
            cluster.mortality().dieAt(cluster.mortality().moments().size() + 4);
            try {
                next.resume(run).throwIfFailed();
            } catch (ProcessDied expected) {
                deaths++;
                cluster.mortality().startAnotherProcess();
            }
        }

        assertThat(deaths).isGreaterThan(5);
        assertThat(cluster).runsEverywhere("v2.3.22").changed(EFFECTS.toArray(String[]::new));
    }

    @Test
    void aJournalOfFilesIsAllThatAnotherProcessNeeds(@TempDir Path directory) {
        FakeCluster cluster = FakeCluster.running("2.2.4", UpgradeJournal.file(directory));
        dieAt(cluster, 13, "after applying 2.2.16/roll/datanode", () -> upgrade(cluster));
        cluster.history().forget();

        UpgradeJournal sameDirectory = UpgradeJournal.file(directory);
        RunId run =
                sameDirectory.unfinished(FakeCluster.ID).orElseThrow().header().run();
        cluster.upgrader().journal(sameDirectory).build().resume(run).throwIfFailed();

        assertThat(cluster).runsEverywhere("v2.3.22");
        assertThat(cluster.history().of("apply")).startsWith("2.2.16/roll/datanode", "2.2.16/roll/querynode");
        assertThat(sameDirectory.read(run).orElseThrow().status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    private static UpgradeReport upgrade(FakeCluster cluster) {
        Upgrader upgrader = cluster.upgrader().build();
        return upgrader.execute(upgrader.plan(TARGET));
    }

    private static UpgradeReport rollBack(FakeCluster cluster, RunId run) {
        Upgrader upgrader = cluster.upgrader().build();
        return upgrader.execute(upgrader.planRollback(run));
    }

    /** What an operator does: resume what is unfinished, and begin if nothing ever did. */
    private static void goOn(FakeCluster cluster) {
        Upgrader survivor = cluster.upgrader().build();
        cluster.journal()
                .unfinished(FakeCluster.ID)
                .ifPresent(
                        run -> assertThat(survivor.resume(run.header().run())).succeeded());
        if (survivor.runs().isEmpty()) {
            assertThat(survivor.execute(survivor.plan(TARGET))).succeeded();
        }
    }

    private static void dieAt(FakeCluster cluster, int moment, String name, ThrowingCallable run) {
        cluster.mortality().dieAt(moment);
        assertThatThrownBy(run).isInstanceOf(ProcessDied.class).hasMessage("The process died " + name + ".");
        cluster.mortality().startAnotherProcess();
    }

    private static void assertAppliedOnceButFor(FakeCluster cluster, String moment) {
        List<String> applied = cluster.history().of("apply");
        Map<String, Integer> times = new TreeMap<>();
        applied.forEach(step -> times.merge(step, 1, Integer::sum));
        times.forEach((step, count) -> assertThat(count)
                .as("how often " + step + " was applied")
                .isLessThanOrEqualTo(diedBetweenActAndOutcome(moment, step) ? 2 : 1));
    }

    private static boolean diedBetweenActAndOutcome(String moment, String step) {
        return moment.equals("before applying " + step)
                || moment.equals("after applying " + step)
                || moment.equals("before writing APPLIED " + step);
    }

    private static Stream<Arguments> numbered(List<String> moments) {
        return IntStream.range(0, moments.size()).mapToObj(i -> Arguments.of(i, moments.get(i)));
    }

    private static List<String> undisturbedEffects() {
        FakeCluster cluster = FakeCluster.running("2.2.4");
        upgrade(cluster).throwIfFailed();
        return Collections.unmodifiableList(cluster.history().of("effect"));
    }
}
