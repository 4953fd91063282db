package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.k8s.rolling.DryRunnable;
import io.github.milvusupgrade.k8s.rolling.PlannedPatch;
import io.github.milvusupgrade.k8s.rolling.StandbyConfig;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.plan.PlannedStep;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.StepId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The patches that the steps of a plan are going to send. Steps of the caller's own that do not tell theirs are left
 * out.
 */
final class PlannedWrites {

    private final LiveCluster live;
    private final ClusterSnapshot snapshot;
    private final List<DryRunnable> steps;
    private final Map<StepId, Once<List<PlannedPatch>>> patches;

    PlannedWrites(LiveCluster live, UpgradePlan plan) {
        this.live = live;
        this.snapshot = plan.snapshot();
        this.steps = plan.steps().stream()
                .map(PlannedStep::step)
                .filter(DryRunnable.class::isInstance)
                .map(DryRunnable.class::cast)
                .toList();
        this.patches = steps.stream()
                .collect(Collectors.toMap(
                        DryRunnable::id, step -> new Once<>(() -> patches(step, live.deployments()))));
    }

    /** The steps that tell beforehand what they write, in the order of the plan. */
    List<DryRunnable> steps() {
        return steps;
    }

    /** What a step of the plan would write, in the state in which the objects were first seen. */
    List<PlannedPatch> of(DryRunnable step) {
        return Objects.requireNonNull(patches.get(step.id())).get();
    }

    /** What a step would write in the state in which the objects are now. */
    List<PlannedPatch> anew(DryRunnable step) {
        return patches(step, live.deploymentsNow());
    }

    private List<PlannedPatch> patches(DryRunnable step, List<DeploymentView> deployments) {
        Map<String, DeploymentView> byName =
                deployments.stream().collect(Collectors.toMap(DeploymentView::name, Function.identity()));
        return live.ask(api -> step.patches(snapshot, byName, LiveCluster.PATIENCE));
    }

    /** Whether one of the steps makes coordinators active-standby. */
    boolean enableActiveStandby() {
        return steps.stream().anyMatch(StandbyConfig::isEnabledBy);
    }

    /** The images that components are brought to, in alphabetical order. */
    Set<String> images() {
        return steps.stream()
                .filter(step -> !step.components().isEmpty())
                .map(this::of)
                .flatMap(List::stream)
                .map(PlannedPatch::images)
                .flatMap(List::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
