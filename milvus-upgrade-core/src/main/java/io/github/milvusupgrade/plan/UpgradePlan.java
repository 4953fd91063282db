package io.github.milvusupgrade.plan;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.path.UpgradePath;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Everything an upgrade will do, in order, before any of it is done. Made by {@code Upgrader.plan} and
 * {@code Upgrader.planRollback}; immutable. Its steps stand in stages: a stage starts when the one before it is done,
 * and the steps of one stage do not depend on each other, so they may go together if the caller allows it.
 */
public final class UpgradePlan {

    private final ClusterSnapshot snapshot;
    private final UpgradePath path;
    private final Optional<ImageReference> image;
    private final Optional<RunId> rollbackOf;
    private final List<List<PlannedStep>> stages;

    private UpgradePlan(
            ClusterSnapshot snapshot,
            UpgradePath path,
            Optional<ImageReference> image,
            Optional<RunId> rollbackOf,
            List<List<PlannedStep>> stages) {
        this.snapshot = snapshot;
        this.path = path;
        this.image = image;
        this.rollbackOf = rollbackOf;
        this.stages = stages.stream()
                .filter(Predicate.not(List::isEmpty))
                .map(List::copyOf)
                .toList();
        refuseDuplicates();
    }

    /** The plan of an upgrade along a path; {@code image} replaces the image that the target version implies. */
    public static UpgradePlan upgrade(
            ClusterSnapshot snapshot,
            UpgradePath path,
            Optional<ImageReference> image,
            List<List<PlannedStep>> stages) {
        return new UpgradePlan(snapshot, path, image, Optional.empty(), stages);
    }

    /** The plan that takes back what a run of this plan has done, by the given steps. */
    public UpgradePlan rollback(RunId run, List<PlannedStep> undoSteps) {
        return new UpgradePlan(
                snapshot,
                path,
                image,
                Optional.of(run),
                undoSteps.stream().map(List::of).toList());
    }

    /** Which instance. */
    public ClusterId cluster() {
        return snapshot.id();
    }

    /** What the plan was computed from. */
    public ClusterSnapshot snapshot() {
        return snapshot;
    }

    /** The hops and the rules behind them. */
    public UpgradePath path() {
        return path;
    }

    /** The image that the caller chose for the target, if any. */
    public Optional<ImageReference> image() {
        return image;
    }

    /** The run that this plan takes back; empty for an upgrade. */
    public Optional<RunId> rollbackOf() {
        return rollbackOf;
    }

    /** The steps, stage by stage. */
    public List<List<PlannedStep>> stages() {
        return stages;
    }

    /** All steps in order. */
    public List<PlannedStep> steps() {
        return stages.stream().flatMap(List::stream).toList();
    }

    /** The first step that cannot be undone; from there on is no way back. */
    public Optional<StepId> pointOfNoReturn() {
        return steps().stream()
                .map(PlannedStep::step)
                .filter(step -> step.undo() instanceof Undo.Impossible)
                .map(UpgradeStep::id)
                .findFirst();
    }

    /** Put a step at the very beginning. */
    public UpgradePlan withFirst(UpgradeStep step) {
        return withStageAt(0, 0, step);
    }

    /** Put a step at the very end. */
    public UpgradePlan withLast(UpgradeStep step) {
        return withStageAt(stages.size(), path.hops().size() - 1, step);
    }

    /**
     * Put a step before the first step of a component.
     *
     * @throws IllegalArgumentException if no step of the plan is about the component
     */
    public UpgradePlan withBefore(Component component, UpgradeStep step) {
        int stage = stagesOf(component).findFirst().orElseThrow(() -> noStepOf(component));
        return withStageAt(stage, hopOf(stage), step);
    }

    /**
     * Put a step after the last step of a component.
     *
     * @throws IllegalArgumentException if no step of the plan is about the component
     */
    public UpgradePlan withAfter(Component component, UpgradeStep step) {
        int stage = stagesOf(component).max().orElseThrow(() -> noStepOf(component));
        return withStageAt(stage + 1, hopOf(stage), step);
    }

    /**
     * Put a step before one step, such as that of one hop among several.
     *
     * @throws IllegalArgumentException if the plan has no such step
     */
    public UpgradePlan withBefore(StepId id, UpgradeStep step) {
        int stage = stageOf(id);
        return withStageAt(stage, hopOf(stage), step);
    }

    /**
     * Put a step after one step, and after those that may go on beside it.
     *
     * @throws IllegalArgumentException if the plan has no such step
     */
    public UpgradePlan withAfter(StepId id, UpgradeStep step) {
        int stage = stageOf(id);
        return withStageAt(stage + 1, hopOf(stage), step);
    }

    /**
     * Leave a step out.
     *
     * @throws IllegalArgumentException if the plan has no such step
     */
    public UpgradePlan without(StepId id) {
        int at = stageOf(id);
        List<List<PlannedStep>> changed = new ArrayList<>(stages);
        changed.set(
                at,
                stages.get(at).stream()
                        .filter(planned -> !planned.step().id().equals(id))
                        .toList());
        return new UpgradePlan(snapshot, path, image, rollbackOf, changed);
    }

    /** The fingerprint of everything that the plan says: two plans with the same digest do the same. */
    public String digest() {
        return PlanDocument.of(this).digest();
    }

    /** The plan for machines. {@code Upgrader.restore} makes a plan of it again. */
    public String toJson() {
        return PlanDocument.of(this).toJson();
    }

    /** The plan for people. */
    public String describe() {
        return PlanText.of(this);
    }

    @Override
    public String toString() {
        return "plan " + digest().substring(0, 12) + " of " + cluster();
    }

    private UpgradePlan withStageAt(int index, int hop, UpgradeStep step) {
        List<List<PlannedStep>> changed = new ArrayList<>(stages);
        changed.add(index, List.of(new PlannedStep(hop, step)));
        return new UpgradePlan(snapshot, path, image, rollbackOf, changed);
    }

    private IntStream stagesOf(Component component) {
        return IntStream.range(0, stages.size())
                .filter(i -> stages.get(i).stream()
                        .anyMatch(planned -> planned.step().components().contains(component)));
    }

    private int stageOf(StepId id) {
        return IntStream.range(0, stages.size())
                .filter(i -> stages.get(i).stream()
                        .anyMatch(planned -> planned.step().id().equals(id)))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("The plan has no step " + id + "; it has " + stepIds() + "."));
    }

    private int hopOf(int stage) {
        return stages.get(stage).get(0).hop();
    }

    private IllegalArgumentException noStepOf(Component component) {
        return new IllegalArgumentException(
                "The plan has no step for component " + component + "; its steps are " + stepIds() + ".");
    }

    private List<StepId> stepIds() {
        return steps().stream().map(planned -> planned.step().id()).toList();
    }

    private void refuseDuplicates() {
        Set<StepId> seen = new HashSet<>();
        for (StepId id : stepIds()) {
            if (!seen.add(id)) {
                throw new IllegalArgumentException("The plan has two steps " + id
                        + ": the journal could not tell them apart. Give one of them another id.");
            }
        }
    }
}
