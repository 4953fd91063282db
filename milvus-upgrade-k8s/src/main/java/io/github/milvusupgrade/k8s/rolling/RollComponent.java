package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.gate.Gates;
import io.github.milvusupgrade.k8s.gate.Rolled;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.path.WayBack;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Rolls every Deployment of one component to the image of the hop, one after the other. Before it begins it looks
 * whether all other components still are healthy: a rollout must never add to an outage.
 */
final class RollComponent implements DryRunnable {

    private static final String VERSION_LABEL = "app.kubernetes.io/version";

    private final KubeApi api;
    private final RolloutWatch watch;
    private final RollingOptions options;
    private final Gates gates;
    private final ClusterSnapshot planned;
    private final ClusterId cluster;
    private final Component component;
    private final List<Workload> workloads;
    private final Hop hop;
    private final TargetImages targets;

    RollComponent(
            KubeApi api,
            RolloutWatch watch,
            RollingOptions options,
            Gates gates,
            ClusterSnapshot planned,
            Component component,
            List<Workload> workloads,
            Hop hop,
            TargetImages targets) {
        this.api = api;
        this.watch = watch;
        this.options = options;
        this.gates = gates;
        this.planned = planned;
        this.cluster = planned.id();
        this.component = component;
        this.workloads = workloads;
        this.hop = hop;
        this.targets = targets;
    }

    @Override
    public StepId id() {
        return StepId.of(hop.to() + "/roll/" + component);
    }

    @Override
    public String summary() {
        return "roll " + component + " to " + hop.to()
                + (workloads.size() > 1 ? " (" + workloads.size() + " Deployments)" : "");
    }

    @Override
    public Optional<Component> component() {
        return Optional.of(component);
    }

    @Override
    public Map<String, String> capture(StepContext context) throws InterruptedException {
        Map<String, String> facts = facts(watch.awaitHealthy(
                cluster,
                context.snapshot().workloadNames(),
                Duration.ZERO,
                "Before " + component + " may be touched",
                context));
        Rolled before = rolled(hop.from(), facts, workload -> facts.getOrDefault(workload.name() + ".image", ""));
        facts.putAll(gates.capture(component, hop.to(), before, context));
        return facts;
    }

    private Map<String, String> facts(Map<String, DeploymentView> all) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (Workload workload : workloads) {
            String name = workload.name();
            DeploymentView deployment = Optional.ofNullable(all.get(name)).orElseThrow(() -> gone(name));
            facts.put(name + ".uid", deployment.uid());
            facts.put(name + ".resourceVersion", deployment.resourceVersion());
            facts.put(name + ".image", imageOf(deployment, workload));
            facts.put(name + ".replicas", Integer.toString(deployment.replicas()));
            Optional.ofNullable(deployment.labels().get(VERSION_LABEL))
                    .ifPresent(version -> facts.put(name + ".versionLabel", version));
            RolloutSettings.of(deployment).captureInto(facts, name);
        }
        return facts;
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        DeploymentRoll roll = new DeploymentRoll(api, watch, cluster.namespace());
        boolean changed = false;
        for (Workload workload : workloads) {
            context.checkpoint();
            changed |= roll.run(forth(workload, context), context);
        }
        String seen = gates.pass(component, hop.to(), rolled(hop.to(), context.captured(), targets), context);
        String runs = component + " runs " + images();
        String and = seen.isEmpty() ? "" : ", " + seen;
        return changed ? StepResult.applied(runs + and) : StepResult.alreadyApplied(runs + " already" + and);
    }

    @Override
    public List<PlannedPatch> patches(ClusterSnapshot now, Map<String, DeploymentView> deployments, Duration atMost) {
        StepContext context = new DryRunContext(now, facts(deployments), atMost);
        DeploymentRoll roll = new DeploymentRoll(api, watch, cluster.namespace());
        return workloads.stream()
                .map(workload -> roll.firstPatch(forth(workload, context), context))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public Undo undo() {
        return hop.wayBack() == WayBack.ONE_WAY
                ? Undo.impossible(
                        hop.from() + " may not read what " + hop.to() + " has written (rule " + hop.ruleId() + ")")
                : Undo.by("roll " + component + " back to " + hop.from(), this::rollBack);
    }

    @Override
    public List<String> gates() {
        return gates.describe(planned, component, hop.to());
    }

    @Override
    public Duration timeout() {
        int pods = workloads.stream().mapToInt(Workload::replicas).sum();
        return options.timeoutPerPod().multipliedBy(Math.max(1, pods) + 1L);
    }

    private StepResult rollBack(StepContext context) throws InterruptedException {
        List<Workload> backwards = new ArrayList<>(workloads);
        Collections.reverse(backwards);
        DeploymentRoll roll = new DeploymentRoll(api, watch, cluster.namespace());
        boolean changed = false;
        for (Workload workload : backwards) {
            context.checkpoint();
            changed |= roll.run(back(workload, context), context);
        }
        Rolled back = rolled(hop.from(), context.captured(), workload -> context.captured(workload.name() + ".image"));
        String seen = gates.pass(component, coordinatorsOnTheWayBack(), back, context);
        String runs = component + " is as it was before the upgrade";
        String and = seen.isEmpty() ? "" : ", " + seen;
        return changed ? StepResult.applied(runs + and) : StepResult.alreadyApplied(runs + " already" + and);
    }

    /** What runs after a roll, without the Deployments that have no replicas: nothing can be seen of those. */
    private Rolled rolled(MilvusVersion version, Map<String, String> captured, TargetImages images) {
        Map<Workload, String> running = new LinkedHashMap<>();
        workloads.stream()
                .filter(workload -> !captured.getOrDefault(workload.name() + ".replicas", "0")
                        .equals("0"))
                .forEach(workload -> running.put(workload, images.of(workload)));
        return new Rolled(running, version);
    }

    /** The order is the reverse: what depends on coordinators goes back before them. */
    private MilvusVersion coordinatorsOnTheWayBack() {
        return component.isCoordinator() ? hop.from() : hop.to();
    }

    private String images() {
        return workloads.stream().map(targets::of).distinct().collect(Collectors.joining(" and "));
    }

    private UpgradeException gone(String deployment) {
        return new UpgradeException(
                Code.WORKLOAD_GONE,
                "Deployment " + cluster.namespace() + "/" + deployment
                        + " is gone: somebody deleted it since the plan was made. Make a new plan.");
    }

    /** What a workload may run when its turn comes: what was planned for, the hop before this one, or the target. */
    private String imageOf(DeploymentView deployment, Workload workload) {
        String planned = workload.image();
        String before = ImageReference.parse(planned).withVersion(hop.from()).toString();
        return ForeignImage.refuse(deployment, workload.container(), planned, before, targets.of(workload));
    }

    /**
     * An old query node takes its whole grace period to stop and answers no search in it, while the old proxies still
     * ask it. New proxies do not, so they must not wait for its end: measured with Milvus 2.2.4, that made a gap of 29
     * s in searches. The last step of the hop waits for it.
     */
    private boolean waitsForOldPods() {
        return !component.equals(Component.QUERYNODE);
    }

    private RollTarget forth(Workload workload, StepContext context) {
        String name = workload.name();
        Optional<String> label = Optional.ofNullable(context.captured().get(name + ".versionLabel"));
        return target(
                workload,
                context,
                context.captured(name + ".image"),
                targets.of(workload),
                label.map(before -> hop.to().toString()),
                waitsForOldPods(),
                Optional.ofNullable(context.captured().get(name + ".resourceVersion")));
    }

    private RollTarget back(Workload workload, StepContext context) {
        String name = workload.name();
        return target(
                workload,
                context,
                targets.of(workload),
                context.captured(name + ".image"),
                Optional.ofNullable(context.captured().get(name + ".versionLabel")),
                true,
                Optional.empty());
    }

    private RollTarget target(
            Workload workload,
            StepContext context,
            String fromImage,
            String toImage,
            Optional<String> label,
            boolean withoutOldPods,
            Optional<String> resourceVersion) {
        String name = workload.name();
        boolean nothingToChange = fromImage.equals(toImage);
        return new RollTarget(
                name,
                context.captured(name + ".uid"),
                workload.container(),
                fromImage,
                toImage,
                label,
                RolloutSettings.captured(context, name),
                Integer.parseInt(context.captured(name + ".replicas")),
                component.isCoordinator() ? options.coordinatorMinReadySeconds() : 0,
                withoutOldPods,
                nothingToChange ? Optional.empty() : resourceVersion);
    }
}
