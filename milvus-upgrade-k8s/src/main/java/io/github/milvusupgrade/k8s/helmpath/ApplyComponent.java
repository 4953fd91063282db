package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.rollout.RolloutGoal;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.k8s.view.ContainerSpec;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.step.UpgradeStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes the Deployments of one component what the chart makes of them, with the ConfigMaps that they read, and waits
 * until they are rolled out. The strategy of the chart holds: a coordinator that the chart calls {@code Recreate} stops
 * before its successor starts.
 */
final class ApplyComponent implements UpgradeStep {

    private final KubeApi api;
    private final RolloutWatch watch;
    private final ClusterId cluster;
    private final Component component;
    private final List<Workload> workloads;
    private final Hop hop;
    private final ReleaseChange change;
    private final Duration timeoutPerPod;

    ApplyComponent(
            KubeApi api,
            RolloutWatch watch,
            ClusterId cluster,
            Component component,
            List<Workload> workloads,
            Hop hop,
            ReleaseChange change,
            Duration timeoutPerPod) {
        this.api = api;
        this.watch = watch;
        this.cluster = cluster;
        this.component = component;
        this.workloads = workloads;
        this.hop = hop;
        this.change = change;
        this.timeoutPerPod = timeoutPerPod;
    }

    @Override
    public StepId id() {
        return StepId.of(hop.to() + "/helm/" + component);
    }

    @Override
    public String summary() {
        return "bring " + component + " to what chart and values make of it for " + hop.to();
    }

    @Override
    public Optional<Component> component() {
        return Optional.of(component);
    }

    /** Nothing is kept: the manifest of the revision that was deployed says what it was. */
    @Override
    public Map<String, String> capture(StepContext context) throws InterruptedException {
        watch.awaitHealthy(cluster, names(context.snapshot()), context);
        return Map.of();
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        return apply(change, context, component + " is what the chart makes of it for " + hop.to());
    }

    @Override
    public Undo undo() {
        return Undo.by(
                "bring " + component + " back to revision " + change.revision(),
                context -> apply(
                        change.reversed(), context, component + " is what it was in revision " + change.revision()));
    }

    @Override
    public Duration timeout() {
        int pods = workloads.stream().mapToInt(Workload::replicas).sum();
        return timeoutPerPod.multipliedBy(Math.max(1, pods) + 1L);
    }

    private StepResult apply(ReleaseChange direction, StepContext context, String summary)
            throws InterruptedException {
        ObjectWriter writer = new ObjectWriter(api, context);
        boolean changed = false;
        for (Map.Entry<String, ReleaseChange.ObjectChange> config :
                direction.ofKind("ConfigMap").entrySet()) {
            changed |= writer.write(Resource.CONFIG_MAPS.in(cluster.namespace(), config.getKey()), config.getValue())
                    .changed();
        }
        for (Workload workload : workloads) {
            Optional<ReleaseChange.ObjectChange> deployment = direction.of("Deployment", workload.name());
            if (deployment.isPresent()) {
                ObjectWriter.Written written = writer.write(
                        Resource.DEPLOYMENTS.in(cluster.namespace(), workload.name()), deployment.get());
                changed |= written.changed();
                DeploymentView now = new DeploymentView(written.object());
                watch.await(goal(now, workload), now, context);
            }
        }
        return changed ? StepResult.applied(summary) : StepResult.alreadyApplied(summary + " already");
    }

    private RolloutGoal goal(DeploymentView deployment, Workload workload) {
        String image = deployment.containers().stream()
                .filter(container -> container.name().equals(workload.container()))
                .map(ContainerSpec::image)
                .findFirst()
                .orElse(workload.image());
        return new RolloutGoal(
                cluster.namespace(),
                deployment.name(),
                deployment.uid(),
                deployment.selector(),
                deployment.generation(),
                workload.container(),
                image,
                true);
    }

    private static Set<String> names(ClusterSnapshot snapshot) {
        return snapshot.workloads().stream().map(Workload::name).collect(Collectors.toSet());
    }
}
