package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.RealCluster;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.run.UpgradeReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Rows 27 to 29: the process that upgrades is killed at moments all over the run, and a second one goes on to the end
 * that an undisturbed run has, without rolling anything twice.
 */
class KillNineIT {

    private static final int KILLS = Integer.getInteger("killNine.kills", 20);

    private final RealCluster cluster = RealCluster.orSkip();

    /** A moment of a run: so long after the beginning of a step, counted from 1. */
    private record Moment(int step, long nanos) {

        String text() {
            return String.format(Locale.ROOT, "%.2f s into step %d", nanos / 1e9, step);
        }
    }

    @Test
    void aRunThatIsKilledAtAnyMomentEndsLikeAnUndisturbedOneWhenItIsResumed() throws Exception {
        long seed = Long.getLong("killNine.seed", System.nanoTime());
        System.out.println("Killing with -DkillNine.seed=" + seed);
        List<Moment> moments = moments(new Random(seed));
        List<Callable<Boolean>> kills = new ArrayList<>();
        for (Moment moment : moments) {
            kills.add(() -> killAndResume(moment));
        }
        assertThat(Lanes.run(kills))
                .filteredOn(killed -> killed)
                .as("runs that were killed before their end")
                .hasSizeGreaterThan(KILLS / 2);
    }

    /** Moments that are spread evenly over the time that an undisturbed run takes. */
    private List<Moment> moments(Random random) throws InterruptedException {
        List<Long> starts = new ArrayList<>();
        try (TestBed bed = TestBed.real(cluster)) {
            bed.install(RollingContract.cluster());
            try (UpgradeProcess undisturbed =
                    UpgradeProcess.start(cluster.kubeconfig(), new InstalledMilvus(bed, RollingContract.RELEASE))) {
                int exit = undisturbed.await();
                assertThat(undisturbed.awaitLine(line -> line.startsWith("run ")))
                        .isTrue();
                assertThat(exit).as(() -> undisturbed.lines().toString()).isZero();
                undisturbed.lines().stream()
                        .filter(line ->
                                line.text().startsWith("step ") || line.text().startsWith("run "))
                        .forEach(line -> starts.add(line.nanos()));
            }
        }
        long begin = starts.get(0);
        long duration = starts.get(starts.size() - 1) - begin;
        List<Moment> moments = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            long at = begin + (long) ((i + random.nextDouble()) / KILLS * duration);
            int step = (int) starts.stream().filter(start -> start <= at).count();
            moments.add(new Moment(step, at - starts.get(step - 1)));
        }
        return moments;
    }

    /** Answers whether the run was killed before its end. */
    private boolean killAndResume(Moment moment) throws InterruptedException {
        try (TestBed bed = TestBed.real(cluster)) {
            bed.install(RollingContract.cluster());
            InstalledMilvus milvus = new InstalledMilvus(bed, RollingContract.RELEASE);
            SortedMap<String, String> before = milvus.settings();
            boolean killed;
            String step;
            try (UpgradeProcess process = UpgradeProcess.start(cluster.kubeconfig(), milvus)) {
                process.awaitLine(line -> line.startsWith("step " + moment.step() + "/"));
                TimeUnit.NANOSECONDS.sleep(moment.nanos());
                killed = process.kill();
                step = process.step();
            }
            String outcome = goOn(milvus, killed);
            System.out.println("killed " + moment.text() + ", which was in \"" + step + "\": " + outcome);
            milvus.assertUpgradedFrom(before);
            return killed;
        }
    }

    private String goOn(InstalledMilvus milvus, boolean killed) {
        Upgrader upgrader = milvus.upgrader(UpgradeProcess.options()).build();
        List<JournaledRun> runs = upgrader.runs();
        assertThat(runs).as("journaled runs").hasSize(1);
        RunStatus found = runs.get(0).status();
        if (found != RunStatus.SUCCEEDED) {
            assertThat(found).isEqualTo(RunStatus.RUNNING);
            UpgradeReport report = upgrader.resume(runs.get(0).header().run());
            assertThat(report.succeeded()).as(report.describe()).isTrue();
        }
        assertThat(upgrader.runs())
                .singleElement()
                .extracting(JournaledRun::status)
                .isEqualTo(RunStatus.SUCCEEDED);
        return (killed ? "" : "had ended by itself, ") + "found " + found;
    }
}
