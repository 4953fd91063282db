package io.github.milvusupgrade;

import static io.github.milvusupgrade.ReportAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenerTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final List<UpgradeEvent> events = new ArrayList<>();
    private final Upgrader upgrader = cluster.upgrader().listener(events::add).build();

    @Test
    void aListenerIsToldEverythingInOrder() {
        cluster.during("2.2.16/roll/rootcoord", context -> context.progress("1 of 2 pods is ready"));
        cluster.crash("2.2.16/roll/datanode");

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(events)
                .extracting(UpgradeEvent::describe)
                .containsExactly(
                        "start run " + report.run() + ": upgrade default/my-release 2.2.4 -> 2.2.16",
                        "preflight: 1 checks, none blocks",
                        "step 1/4: roll rootcoord to 2.2.16",
                        "  1 of 2 pods is ready",
                        "  APPLIED: rootcoord runs milvusdb/milvus:v2.2.16",
                        "step 2/4: roll datanode to 2.2.16",
                        "  FAILED: Container milvus restarts again and again.",
                        "run " + report.run() + ": FAILED");
        assertThat(events).allMatch(event -> event.run().equals(report.run()));
        assertThat(events.get(0).at()).isEqualTo(FakeClock.START);
        assertThat(events.get(7).at()).isEqualTo(FakeClock.START.plus(FakeCluster.ROLL));
        assertThat(((UpgradeEvent.RunFinished) events.get(7)).report()).isEqualTo(report);
    }

    @Test
    void aResumeAndARollbackAreCalledSo() {
        cluster.crash("2.2.16/roll/datanode");
        UpgradeReport failed = upgrader.execute(upgrader.plan(TARGET));
        cluster.calm();
        events.clear();

        upgrader.resume(failed.run());
        UpgradeReport back = upgrader.execute(upgrader.planRollback(failed.run()));

        assertThat(events)
                .extracting(UpgradeEvent::describe)
                .contains(
                        "resume run " + failed.run() + ": upgrade default/my-release 2.2.4 -> 2.2.16",
                        "  DONE_BEFORE: done in an earlier execution of this run",
                        "start run " + back.run() + ": roll back run " + failed.run()
                                + " of default/my-release 2.2.4 -> 2.2.16");
    }

    @Test
    void row37_aListenerThatThrowsIsAWarningAndNothingElse() {
        Upgrader disturbed = cluster.upgrader()
                .listener(event -> {
                    throw new IllegalStateException("the dashboard is down");
                })
                .listener(events::add)
                .build();

        UpgradeReport report = disturbed.execute(disturbed.plan(TARGET));

        assertThat(report)
                .succeeded()
                .warns(
                        "A listener failed at RUN_STARTED: java.lang.IllegalStateException: the dashboard is down",
                        "A listener failed at PREFLIGHT_FINISHED: java.lang.IllegalStateException: the dashboard is down",
                        "A listener failed at STEP_STARTED: java.lang.IllegalStateException: the dashboard is down",
                        "A listener failed at STEP_FINISHED: java.lang.IllegalStateException: the dashboard is down",
                        "A listener failed at RUN_FINISHED: java.lang.IllegalStateException: the dashboard is down");
        assertThat(events).hasSize(11);
    }
}
