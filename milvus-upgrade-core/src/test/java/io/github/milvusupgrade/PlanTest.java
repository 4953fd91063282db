package io.github.milvusupgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.path.UpgradePathRules;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final MilvusVersion V2_2_16 = MilvusVersion.parse("2.2.16");
    private static final MilvusVersion V2_3_22 = MilvusVersion.parse("2.3.22");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final Upgrader upgrader = cluster.upgrader().build();

    @Test
    void componentsFollowEachOtherInTheOrderOfTheHop() {
        UpgradePlan plan = upgrader.plan(V2_2_16);

        assertThat(plan.stages().stream()
                        .map(stage -> stage.stream()
                                .map(planned -> planned.step().id().value())
                                .toList()
                                .toString()))
                .containsExactly(
                        "[2.2.16/roll/rootcoord]",
                        "[2.2.16/roll/datanode, 2.2.16/roll/querynode]",
                        "[2.2.16/roll/proxy]");
    }

    @Test
    void everyHopIsFinishedBeforeTheNextOneBegins() {
        assertThat(upgrader.plan(V2_3_22).steps())
                .extracting(planned -> planned.hop() + " " + planned.step().id())
                .containsExactly(
                        "0 2.2.16/roll/rootcoord",
                        "0 2.2.16/roll/datanode",
                        "0 2.2.16/roll/querynode",
                        "0 2.2.16/roll/proxy",
                        "1 2.3.22/roll/rootcoord",
                        "1 2.3.22/roll/datanode",
                        "1 2.3.22/roll/querynode",
                        "1 2.3.22/roll/proxy");
    }

    @Test
    void aPlanTellsPeopleHopsRulesStepsAndWaysBack() {
        UpgradePlan plan = upgrader.plan(V2_3_22);

        assertThat(plan.describe()).isEqualTo("""
                Milvus default/my-release  2.2.4 -> 2.3.22   2 hops, 8 steps, plan %s
                hop 1  2.2.4 -> 2.2.16  rolling, rule roll-2.2
                   1  roll rootcoord to 2.2.16  undo: roll rootcoord back
                   2∥ roll datanode to 2.2.16   undo: roll datanode back
                   3∥ roll querynode to 2.2.16  undo: roll querynode back
                   4  roll proxy to 2.2.16      undo: roll proxy back
                hop 2  2.2.16 -> 2.3.22  rolling, rule roll-to-2.3
                   5  roll rootcoord to 2.3.22  undo: roll rootcoord back
                   6∥ roll datanode to 2.3.22   undo: roll datanode back
                   7∥ roll querynode to 2.3.22  undo: roll querynode back
                   8  roll proxy to 2.3.22      undo: roll proxy back
                """.formatted(plan.digest().substring(0, 12)));
        assertThat(plan).hasToString("plan " + plan.digest().substring(0, 12) + " of default/my-release");
    }

    @Test
    void whatHasToBeSeenAfterAStepStandsBelowIt() {
        UpgradePlan plan = upgrader.plan(V2_2_16)
                .withLast(cluster.step("acme/mine").behind("a search finds something", "nobody complains"));

        assertThat(plan.describe()).endsWith("""
                   5  do acme/mine
                      gate: a search finds something
                      gate: nobody complains
                """);
    }

    @Test
    void thePointOfNoReturnIsALineBetweenTwoSteps() {
        UpgradePlan plan = cluster.upgrader()
                .customize(
                        original -> original.withLast(cluster.step("acme/note").saying("note it in the wiki"))
                                .withBefore(
                                        Component.PROXY,
                                        cluster.step("acme/drop")
                                                .saying("drop the old index")
                                                .withoutWayBack("indexes are gone")))
                .build()
                .plan(V2_2_16);

        assertThat(plan.pointOfNoReturn()).contains(StepId.of("acme/drop"));
        assertThat(plan.describe()).isEqualTo("""
                Milvus default/my-release  2.2.4 -> 2.2.16   1 hop, 6 steps, plan %s
                hop 1  2.2.4 -> 2.2.16  rolling, rule roll-2.2
                   1  roll rootcoord to 2.2.16  undo: roll rootcoord back
                   2∥ roll datanode to 2.2.16   undo: roll datanode back
                   3∥ roll querynode to 2.2.16  undo: roll querynode back
                  ---------------- no way back below this line ----------------
                   4  drop the old index        no undo: indexes are gone
                   5  roll proxy to 2.2.16      undo: roll proxy back
                   6  note it in the wiki
                """.formatted(plan.digest().substring(0, 12)));
    }

    @Test
    void aPlanWithAWayBackForEveryStepHasNoPointOfNoReturn() {
        assertThat(upgrader.plan(V2_2_16).pointOfNoReturn()).isEmpty();
    }

    @Test
    void theImageThatWasChosenIsUsedOnTheLastHopOnly() {
        UpgradePlan plan = upgrader.plan(V2_3_22, ImageReference.parse("registry.acme.example/milvus:v2.3.22"));

        upgrader.execute(plan).throwIfFailed();

        assertThat(plan.image()).contains(ImageReference.parse("registry.acme.example/milvus:v2.3.22"));
        assertThat(cluster.history().of("effect"))
                .startsWith("rootcoord runs milvusdb/milvus:v2.2.16")
                .endsWith("proxy runs registry.acme.example/milvus:v2.3.22");
    }

    @Test
    void theOfficialRulesAreTheDefault() {
        UpgradePlan plan = Upgrader.forCluster(cluster).build().plan(V2_2_16);

        assertThat(plan.path().toString())
                .isEqualTo(UpgradePathRules.official()
                        .resolve(MilvusVersion.parse("2.2.4"), V2_2_16)
                        .toString());
    }

    @Test
    void planningChangesNothing() {
        upgrader.plan(V2_3_22);
        upgrader.inspect();

        assertThat(cluster.history().lines()).isEmpty();
        assertThat(upgrader.runs()).isEmpty();
    }
}
