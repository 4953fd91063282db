package io.github.milvusupgrade;

import static io.github.milvusupgrade.RefusalAssert.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.plan.PlanCustomizer;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanDocumentTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.3.22");
    private static final ImageReference IMAGE = ImageReference.parse("registry.acme.example:5000/milvus:v2.3.22");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final Upgrader upgrader = cluster.upgrader().build();

    @Test
    void aPlanIsRestoredInAnotherProcessEvenIfTheInstanceHasChangedSince() {
        UpgradePlan plan = upgrader.plan(TARGET, IMAGE);
        cluster.deploy(Component.PROXY, "milvusdb/milvus:v2.2.5");

        UpgradePlan restored = cluster.upgrader().build().restore(plan.toJson());

        assertThat(restored.digest()).isEqualTo(plan.digest());
        assertThat(restored.describe()).isEqualTo(plan.describe());
        assertThat(restored.toJson()).isEqualTo(plan.toJson());
        assertThat(restored.image()).contains(IMAGE);
        assertThat(restored.snapshot()).isEqualTo(plan.snapshot());
    }

    @Test
    void machinesReadWhatPeopleRead() throws Exception {
        UpgradePlan plan = upgrader.plan(TARGET, IMAGE);

        JsonNode json = new ObjectMapper().readTree(plan.toJson());

        assertThat(json.at("/schema").asInt()).isEqualTo(1);
        assertThat(json.at("/cluster").asText()).isEqualTo("default/my-release");
        assertThat(json.at("/from").asText()).isEqualTo("2.2.4");
        assertThat(json.at("/to").asText()).isEqualTo("2.3.22");
        assertThat(json.at("/image").asText()).isEqualTo(IMAGE.toString());
        assertThat(json.at("/hops/1")).hasToString("""
                {"from":"2.2.16","to":"2.3.22","kind":"ROLLING","rule":"roll-to-2.3","wayBack":"IMAGE_ONLY"}""");
        assertThat(json.at("/stages/1/1")).hasToString("""
                {"id":"2.2.16/roll/querynode","hop":0,"summary":"roll querynode to 2.2.16","components":["querynode"],\
                "undo":"roll querynode back","undoable":true,"timeoutSeconds":900}""");
        assertThat(json.at("/snapshot/workloads/1")).hasToString("""
                {"name":"my-release-milvus-proxy","component":"proxy","container":"proxy",\
                "image":"milvusdb/milvus:v2.2.4","replicas":1}""");
        assertThat(json.at("/digest").asText()).isEqualTo(plan.digest()).matches("[0-9a-f]{64}");
    }

    @Test
    void theSameFactsGiveTheSameDigest() {
        assertThat(upgrader.plan(TARGET).digest())
                .isEqualTo(upgrader.plan(TARGET).digest())
                .isEqualTo(FakeCluster.running("2.2.4")
                        .upgrader()
                        .build()
                        .plan(TARGET)
                        .digest());
    }

    static Stream<Named<PlanCustomizer>> differences() {
        FakeCluster any = FakeCluster.running("2.2.4");
        return Stream.of(
                Named.of("a step more", plan -> plan.withLast(any.step("acme/mine"))),
                Named.of("a step less", plan -> plan.without(StepId.of("2.2.16/roll/proxy"))),
                Named.of("another order", plan -> moved(plan, "2.2.16/roll/rootcoord")));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void whatWouldRunOtherwiseIsNotWhatWasApproved(PlanCustomizer difference) {
        UpgradePlan approved = upgrader.plan(TARGET);
        Upgrader other = cluster.upgrader().customize(difference).build();
        UpgradePlan now = other.plan(TARGET);

        assertThat(now.digest()).isNotEqualTo(approved.digest());
        assertRefused(
                () -> other.restore(approved.toJson()),
                Code.PLAN_CHANGED,
                "The plan for default/my-release was " + approved.digest().substring(0, 12)
                        + ", but this upgrader now makes " + now.digest().substring(0, 12)
                        + " from the same facts: its rules, customizers, options or release differ. Use the configuration"
                        + " that made the plan, with every change to it in Upgrader.Builder.customize, or make and approve"
                        + " a new one.");
    }

    static Stream<Named<UnaryOperator<FakeStep>>> sayings() {
        return Stream.of(
                Named.of("another text", step -> step.saying("do it twice")),
                Named.of("another component", step -> step.about(Component.PROXY)),
                Named.of("another time", step -> step.within(Duration.ofMinutes(1))),
                Named.of("a gate", step -> step.behind("somebody has looked")),
                Named.of("another way back", step -> step.undoneBy("undo it", context -> StepResult.applied("undone"))),
                Named.of("no way back", step -> step.withoutWayBack("changes nothing")));
    }

    @ParameterizedTest
    @MethodSource("sayings")
    void everythingThatAStepSaysOfItselfIsInTheDigest(UnaryOperator<FakeStep> difference) {
        UpgradePlan plan = upgrader.plan(TARGET);

        assertThat(plan.withLast(difference.apply(cluster.step("acme/mine"))).digest())
                .isNotEqualTo(plan.withLast(cluster.step("acme/mine")).digest());
    }

    @Test
    void aTextThatWasEditedIsRefused() {
        String edited = upgrader.plan(TARGET).toJson().replace("v2.2.4", "v2.2.5");

        assertRefused(
                () -> upgrader.restore(edited),
                Code.PLAN_CHANGED,
                "Cannot read the plan: its text was changed after it was written, for the digest it carries is not its"
                        + " own. Use the text as toJson() wrote it, or make and approve a new plan.");
    }

    @Test
    void aPlanOfANewerReleaseIsRefused() {
        String newer = upgrader.plan(TARGET).toJson().replace("\"schema\" : 1", "\"schema\" : 2");

        assertRefused(
                () -> upgrader.restore(newer),
                Code.JOURNAL_UNREADABLE,
                "Cannot read the plan: its schema is 2, this release reads 1. Use the release of the library that wrote"
                        + " it.");
    }

    @Test
    void whatIsNoJsonIsRefusedWithTheLine() {
        assertRefused(
                () -> upgrader.restore("{\n\"schema\" : 1,\n oops"),
                Code.JOURNAL_UNREADABLE,
                "Cannot read the plan: not valid JSON at line 3. Make the plan again.");
    }

    private static UpgradePlan moved(UpgradePlan plan, String step) {
        return plan.steps().stream()
                .map(planned -> planned.step())
                .filter(candidate -> candidate.id().value().equals(step))
                .findFirst()
                .map(found -> plan.without(found.id()).withLast(found))
                .orElseThrow();
    }
}
