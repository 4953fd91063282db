package io.github.milvusupgrade;

import static io.github.milvusupgrade.ReportAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.path.UpgradePathRules;
import io.github.milvusupgrade.plan.PreflightReport;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.plan.Waiver;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PreflightTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");
    private static final String AS_PLANNED = "PASS    PLAN the instance is as it was when the plan was made";

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final Upgrader upgrader = cluster.upgrader().build();
    private final UpgradePlan plan = upgrader.plan(TARGET);

    @Test
    void everyCheckIsListedInOrderAndNothingIsChanged() {
        cluster.require(check("P11", id -> Finding.warn(id, "etcd is old.", "Update it.")));
        Upgrader withStep = cluster.upgrader()
                .customize(made -> made.withLast(
                        cluster.step("acme/mine").checking(check("ACME", id -> Finding.pass(id, "fine")))))
                .build();

        PreflightReport preflight = withStep.preflight(withStep.plan(TARGET));

        assertThat(preflight.describe())
                .isEqualTo(String.join("\n", AS_PLANNED, "WARN    P11  etcd is old. Update it.", "PASS    ACME fine"));
        assertThat(preflight.blocked()).isFalse();
        assertThat(cluster.history().lines()).isEmpty();
    }

    @Test
    void theConditionsOfTheHopsAreChecks() {
        Upgrader official =
                cluster.upgrader().rules(UpgradePathRules.official()).build();
        UpgradePlan planned = official.plan(TARGET);

        assertThat(official.preflight(planned).findings())
                .extracting(Finding::check)
                .containsSubsequence(planned.path().hops().get(0).conditions().stream()
                        .map(Check::id)
                        .toList());
    }

    @Test
    void whatFailsBlocks() {
        cluster.require(check("P11", id -> Finding.fail(id, "etcd has no quorum.", "Repair etcd.")));

        UpgradeReport report = upgrader.execute(plan);

        assertThat(report)
                .wasBlockedBy(
                        Code.PREFLIGHT_BLOCKED,
                        "The upgrade 2.2.4 -> 2.2.16 of default/my-release is blocked by 1 finding(s); nothing was"
                                + " changed:\n  FAIL    P11  etcd has no quorum. Repair etcd.")
                .offers("nothing was changed: remove what blocks, then plan again");
        assertThat(cluster.history().lines()).isEmpty();
        assertThat(upgrader.runs()).isEmpty();
    }

    @Test
    void whatIsUnknownBlocks() {
        cluster.require(check("P11", id -> Finding.unknown(id, "etcd does not answer.", "Open its port.")));

        assertThat(upgrader.preflight(plan).blockers())
                .extracting(Finding::toString)
                .containsExactly("UNKNOWN P11  etcd does not answer. Open its port.");
        assertThat(upgrader.execute(plan)).wasBlockedBy(Code.PREFLIGHT_BLOCKED);
    }

    @Test
    void aCheckThatThrowsIsUnknown() {
        cluster.require(new Check() {
            @Override
            public String id() {
                return "P11";
            }

            @Override
            public String title() {
                return "etcd has quorum";
            }

            @Override
            public Finding examine(ClusterSnapshot snapshot) {
                throw new IllegalStateException("no route to host");
            }
        });

        assertThat(upgrader.preflight(plan).blockers())
                .containsExactly(Finding.unknown(
                        "P11",
                        "The check \"etcd has quorum\" could not be decided: java.lang.IllegalStateException: no route to"
                                + " host.",
                        "Make it decidable, or waive P11 with a reason."));
    }

    @Test
    void aWaiverTurnsOneCheckOnlyAndIsKeptInJournalAndReport() {
        cluster.require(check("P11", id -> Finding.fail(id, "etcd has no quorum.", "Repair etcd.")));
        cluster.require(check("P12", id -> Finding.unknown(id, "no metrics.", "Install metrics.")));

        Upgrader one = cluster.upgrader().waive("P11", "quorum is back tonight").build();
        assertThat(one.preflight(plan).blockers()).extracting(Finding::check).containsExactly("P12");

        Upgrader both = cluster.upgrader()
                .waive("P11", "quorum is back tonight")
                .waive("P12", "we look by hand")
                .build();
        UpgradeReport report = both.execute(plan);

        assertThat(report).succeeded();
        assertThat(report.findings())
                .extracting(Finding::toString)
                .containsExactly(
                        AS_PLANNED,
                        "WAIVED  P11  etcd has no quorum. (waived: quorum is back tonight) Repair etcd.",
                        "WAIVED  P12  no metrics. (waived: we look by hand) Install metrics.");
        assertThat(both.runs().get(0).header().waivers())
                .containsExactly(new Waiver("P11", "quorum is back tonight"), new Waiver("P12", "we look by hand"));
    }

    @Test
    void aWaiverLeavesWhatDoesNotBlockAsItIs() {
        cluster.require(check("P11", id -> Finding.warn(id, "etcd is old.", "")));

        assertThat(cluster.upgrader()
                        .waive("P11", "I know")
                        .build()
                        .preflight(plan)
                        .findings())
                .contains(Finding.warn("P11", "etcd is old.", ""));
    }

    @Test
    void aWaiverNeedsAReason() {
        assertThatThrownBy(() -> cluster.upgrader().waive("P11", " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A waiver needs the id of one check and a reason, but got check \"P11\" and reason \" \".");
    }

    @Test
    void everythingThatChangedSinceThePlanWasMadeIsNamed() {
        cluster.deploy(Component.PROXY, "milvusdb/milvus:v2.2.5");
        cluster.deploy(Component.INDEXNODE, "milvusdb/milvus:v2.2.4");
        cluster.remove(Component.DATANODE);

        assertThat(upgrader.execute(plan))
                .wasBlockedBy(
                        Code.PREFLIGHT_BLOCKED,
                        "The upgrade 2.2.4 -> 2.2.16 of default/my-release is blocked by 1 finding(s); nothing was"
                                + " changed:\n  FAIL    PLAN Since the plan was made, the instance changed:"
                                + " my-release-milvus-datanode is gone; my-release-milvus-proxy runs image"
                                + " milvusdb/milvus:v2.2.5 instead of milvusdb/milvus:v2.2.4;"
                                + " my-release-milvus-indexnode is new. Make a new plan.");
    }

    @Test
    void scalingIsNoReasonForANewPlan() {
        cluster.scale(Component.PROXY, 7);

        assertThat(upgrader.execute(plan)).succeeded();
    }

    private static Check check(String id, Function<String, Finding> outcome) {
        return new FakeCheck(id, outcome.apply(id));
    }
}
