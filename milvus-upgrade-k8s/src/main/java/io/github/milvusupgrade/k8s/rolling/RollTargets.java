package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.gate.Gates;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.rollout.RestartMark;
import io.github.milvusupgrade.k8s.rollout.RolloutGoal.Until;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.version.ImageReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the Deployments of one kind of component are to be brought to by a hop, and back to by its undoing: made of what
 * is captured of them before the first is touched.
 */
record RollTargets(ClusterId cluster, RollAim aim, RollingProfile profile, ComponentKind kind) {

    private static final String UID = ".uid";
    private static final String RESOURCE_VERSION = ".resourceVersion";
    private static final String IMAGE = ".image";
    private static final String REPLICAS = ".replicas";
    private static final String PROGRESS_DEADLINE = ".progressDeadlineSeconds";
    private static final String VERSION_LABEL = ".versionLabel";
    private static final String RESTART = ".restart";

    /**
     * What has to be remembered of some workloads.
     *
     * @throws UpgradeException if one is gone, or runs what nobody planned for
     */
    Map<String, String> capture(List<Workload> workloads, Map<String, DeploymentView> deployments) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (Workload workload : workloads) {
            String name = workload.name();
            DeploymentView deployment =
                    Optional.ofNullable(deployments.get(name)).orElseThrow(() -> gone(name));
            facts.put(name + UID, deployment.uid());
            facts.put(name + RESOURCE_VERSION, deployment.resourceVersion());
            facts.put(name + IMAGE, imageOf(deployment, workload));
            facts.put(name + REPLICAS, Integer.toString(deployment.replicas()));
            facts.put(name + PROGRESS_DEADLINE, Integer.toString(deployment.progressDeadlineSeconds()));
            Optional.ofNullable(deployment.labels().get(MilvusLabels.VERSION))
                    .ifPresent(version -> facts.put(name + VERSION_LABEL, version));
            RestartMark.of(deployment).ifPresent(mark -> facts.put(name + RESTART, mark));
            RolloutSettings.of(deployment).captureInto(facts, name);
        }
        return facts;
    }

    /** The images that workloads were captured with; empty for one of which nothing was captured. */
    static TargetImages imagesBefore(Map<String, String> captured) {
        return workload -> captured.getOrDefault(workload.name() + IMAGE, "");
    }

    /** The {@link RestartMark} that a workload was captured with. */
    static Optional<String> markBefore(Workload workload, Map<String, String> captured) {
        return Optional.ofNullable(captured.get(workload.name() + RESTART));
    }

    /** Whether a workload was captured without replicas: nothing can be seen of it, and nothing is waited for. */
    static boolean hadNoReplicas(Workload workload, Map<String, String> captured) {
        return captured.getOrDefault(workload.name() + REPLICAS, "0").equals("0");
    }

    RollTarget forth(Workload workload, StepContext context) {
        Optional<String> label = Optional.ofNullable(context.captured().get(workload.name() + VERSION_LABEL));
        return target(
                workload,
                context,
                context.captured(workload.name() + IMAGE),
                aim.images(context.captured()).of(workload),
                markBefore(workload, context.captured()),
                aim.mark(workload, context.captured()),
                label.map(before -> aim.version().toString()),
                untilForth(workload),
                false,
                Optional.ofNullable(context.captured().get(workload.name() + RESOURCE_VERSION)));
    }

    RollTarget back(Workload workload, StepContext context) {
        return target(
                workload,
                context,
                aim.images(context.captured()).of(workload),
                context.captured(workload.name() + IMAGE),
                aim.mark(workload, context.captured()),
                markBefore(workload, context.captured()),
                Optional.ofNullable(context.captured().get(workload.name() + VERSION_LABEL)),
                Until.OLD_PODS_GONE,
                true,
                Optional.empty());
    }

    private RollTarget target(
            Workload workload,
            StepContext context,
            String fromImage,
            String toImage,
            Optional<String> fromMark,
            Optional<String> toMark,
            Optional<String> label,
            Until until,
            boolean back,
            Optional<String> resourceVersion) {
        String name = workload.name();
        boolean nothingToChange = fromImage.equals(toImage) && fromMark.equals(toMark);
        int replicas = Integer.parseInt(context.captured(name + REPLICAS));
        int besides = besides(workload.component(), replicas, context.captured());
        return new RollTarget(
                name,
                context.captured(name + UID),
                workload.container(),
                fromImage,
                toImage,
                fromMark,
                toMark,
                label,
                RolloutSettings.captured(context, name),
                replicas,
                profile.manner(kind).minReadySeconds(),
                heldSeconds(besides, context.captured().getOrDefault(name + PROGRESS_DEADLINE, "600")),
                besides,
                until,
                back,
                nothingToChange ? Optional.empty() : resourceVersion);
    }

    /** As long as Kubernetes lets it be: pods that become available without being released were held for too short. */
    private static OptionalInt heldSeconds(int besides, String progressDeadlineSeconds) {
        return besides > 0 ? OptionalInt.of(Integer.parseInt(progressDeadlineSeconds) - 1) : OptionalInt.empty();
    }

    /** How many new pods of a component are to join old ones before one of those goes; none, if none has to. */
    private int joining(Component component, Map<String, String> captured) {
        int replicas = Gates.replicasInMemory(component, captured);
        boolean channels =
                List.of(Component.DATANODE, Component.QUERYNODE).contains(component) && channelsAreHandedOver(captured);
        return channels || replicas > 1 && nodesJoin() ? replicas : 0;
    }

    /** Whether old nodes stay until new data nodes write from the channels of what is loaded. */
    boolean channelsAreHandedOver(Map<String, String> captured) {
        return nodesJoin()
                && Gates.channelsAreHandedOver(aim.hop().from(), aim.hop().to(), captured);
    }

    private boolean nodesJoin() {
        return profile.manner(kind).takeOver() == TakeOver.JOINING;
    }

    /** Whether new pods of one of the Deployments of a component have to stand beside old ones of others, too. */
    boolean standTogether(List<Component> components, Map<String, String> captured) {
        return profile.manner(kind).keepsOldPods()
                || components.stream().anyMatch(component -> joining(component, captured) > 0);
    }

    /**
     * How many new pods have to stand beside old ones: the work of proxies is done by all of them; of coordinators one
     * is active, whatever the others are; of query nodes one for each in-memory replica, which is nothing to wait for
     * if there is only one, unless new data nodes have to write first.
     */
    int besides(Component component, int replicas, Map<String, String> captured) {
        return switch (profile.manner(kind).takeOver()) {
            case AS_AVAILABLE -> 0;
            case JOINING -> Math.min(replicas, joining(component, captured));
            case STANDING_BY, STEPPING_DOWN -> 1;
            case BY_SERVICE -> replicas;
        };
    }

    /**
     * An old query node takes its whole grace period to stop and answers no search in it, while the old proxies still
     * ask it. New proxies do not, so they must not wait for its end: measured with Milvus 2.2.4, that made a gap of 29
     * s in searches. The profile says of which components that is true; the last step of the hop waits for them.
     */
    private Until untilForth(Workload workload) {
        return profile.leftBehind().contains(workload.component()) ? Until.AVAILABLE : Until.OLD_PODS_GONE;
    }

    /** What a workload may run when its turn comes: what was planned for, the hop before this one, or the target. */
    private String imageOf(DeploymentView deployment, Workload workload) {
        String planned = workload.image();
        String before =
                ImageReference.parse(planned).withVersion(aim.hop().from()).toString();
        return ForeignImage.refuse(
                deployment, workload.container(), planned, before, aim.target().of(workload));
    }

    private UpgradeException gone(String deployment) {
        return new UpgradeException(
                Code.WORKLOAD_GONE,
                "Deployment " + cluster.namespace() + "/" + deployment
                        + " is gone: somebody deleted it since the plan was made. Make a new plan.");
    }
}
