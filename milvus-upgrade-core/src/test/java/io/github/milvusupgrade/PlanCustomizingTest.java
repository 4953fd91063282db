package io.github.milvusupgrade;

import static io.github.milvusupgrade.component.Component.DATANODE;
import static io.github.milvusupgrade.component.Component.MIXCOORD;
import static io.github.milvusupgrade.component.Component.PROXY;
import static io.github.milvusupgrade.component.Component.ROOTCOORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.plan.PlanCustomizer;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanCustomizingTest {

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final FakeStep mine = cluster.step("acme/mine");

    @Test
    void firstIsBeforeEverything() {
        assertThat(stepsWith(plan -> plan.withFirst(mine))).startsWith("0 acme/mine", "0 2.2.16/roll/rootcoord");
    }

    @Test
    void lastIsAfterEverythingAndBelongsToTheLastHop() {
        assertThat(stepsWith(plan -> plan.withLast(mine))).endsWith("1 2.3.22/roll/proxy", "1 acme/mine");
    }

    @Test
    void beforeIsBeforeTheFirstStepOfTheComponent() {
        assertThat(stepsWith(plan -> plan.withBefore(PROXY, mine)))
                .containsSubsequence("0 2.2.16/roll/querynode", "0 acme/mine", "0 2.2.16/roll/proxy");
    }

    @Test
    void afterIsAfterTheLastStepOfTheComponent() {
        assertThat(stepsWith(plan -> plan.withAfter(ROOTCOORD, mine)))
                .containsSubsequence("1 2.3.22/roll/rootcoord", "1 acme/mine", "1 2.3.22/roll/datanode");
    }

    @Test
    void besideOneStepIsInTheHopOfThatStep() {
        StepId second = StepId.of("2.3.22/roll/rootcoord");

        assertThat(stepsWith(plan -> plan.withBefore(second, mine)))
                .containsSubsequence("0 2.2.16/roll/proxy", "1 acme/mine", "1 2.3.22/roll/rootcoord");
        assertThat(stepsWith(plan -> plan.withAfter(StepId.of("2.2.16/roll/proxy"), mine)))
                .containsSubsequence("0 2.2.16/roll/proxy", "0 acme/mine", "1 2.3.22/roll/rootcoord");
        assertThatThrownBy(() -> planWith(plan -> plan.withAfter(StepId.of("2.4.24/roll/proxy"), mine)))
                .hasMessageStartingWith("The plan has no step 2.4.24/roll/proxy; it has [2.2.16/roll/rootcoord, ");
    }

    @Test
    void aStepBesideAStageIsAStageOfItsOwn() {
        UpgradePlan plan = planWith(original -> original.withBefore(DATANODE, mine));

        assertThat(plan.stages().get(1))
                .extracting(planned -> planned.step().id().value())
                .containsExactly("acme/mine");
        assertThat(plan.stages().get(2)).hasSize(2);
    }

    @Test
    void withoutLeavesAStepOut() {
        assertThat(stepsWith(plan -> plan.without(StepId.of("2.2.16/roll/proxy"))))
                .doesNotContain("0 2.2.16/roll/proxy")
                .hasSize(7);
    }

    @Test
    void customizersFollowEachOther() {
        UpgradePlan plan = cluster.upgrader()
                .customize(original -> original.withFirst(mine))
                .customize(original -> original.withFirst(cluster.step("acme/earlier")))
                .build()
                .plan(MilvusVersion.parse("2.2.16"));

        assertThat(plan.steps())
                .extracting(planned -> planned.step().id().value())
                .startsWith("acme/earlier", "acme/mine", "2.2.16/roll/rootcoord");
    }

    @Test
    void twoStepsOfOneNameAreRefused() {
        assertThatThrownBy(() -> planWith(plan -> plan.withFirst(mine).withLast(cluster.step("acme/mine"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The plan has two steps acme/mine: the journal could not tell them apart."
                        + " Give one of them another id.");
    }

    @Test
    void aComponentThatThePlanDoesNotTouchIsRefused() {
        String steps = "[2.2.16/roll/rootcoord, 2.2.16/roll/datanode, 2.2.16/roll/querynode, 2.2.16/roll/proxy]";
        UpgradePlan plan = cluster.upgrader().build().plan(MilvusVersion.parse("2.2.16"));

        assertThatThrownBy(() -> plan.withBefore(MIXCOORD, mine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The plan has no step for component mixcoord; its steps are " + steps + ".");
        assertThatThrownBy(() -> plan.withAfter(MIXCOORD, mine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The plan has no step for component mixcoord; its steps are " + steps + ".");
        assertThatThrownBy(() -> plan.without(StepId.of("acme/mine")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The plan has no step acme/mine; it has " + steps + ".");
    }

    private List<String> stepsWith(PlanCustomizer customizer) {
        return planWith(customizer).steps().stream()
                .map(planned -> planned.hop() + " " + planned.step().id())
                .toList();
    }

    private UpgradePlan planWith(PlanCustomizer customizer) {
        return cluster.upgrader().customize(customizer).build().plan(MilvusVersion.parse("2.3.22"));
    }
}
