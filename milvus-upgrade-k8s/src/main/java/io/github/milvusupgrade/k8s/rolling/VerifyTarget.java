package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.inspect.InstanceInspector;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.rollout.RolloutGoal;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.k8s.view.ContainerSpec;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Looks, after the last component of a hop, whether every Deployment and every pod of every component really runs the
 * target: also those that nobody rolled, because they appeared in between. Old pods that were still on their way out
 * are awaited. The official script does not look, and reports success for components that it never touched.
 */
public final class VerifyTarget implements UpgradeStep {

    private final KubeApi api;
    private final RolloutWatch watch;
    private final MilvusVersion to;
    private final ClusterSnapshot planned;
    private final Supplier<TargetImages> targets;
    private final OnFailure onFailure;
    private final boolean asksEtcd;

    /**
     * Make the step.
     *
     * @param to the version that the hop leads to
     * @param planned the instance as the plan knows it
     * @param targets the images that it must run, asked when the step is applied
     */
    public VerifyTarget(
            KubeApi api,
            RolloutWatch watch,
            MilvusVersion to,
            ClusterSnapshot planned,
            Supplier<TargetImages> targets) {
        this(api, watch, to, planned, targets, OnFailure.STOP, false);
    }

    private VerifyTarget(
            KubeApi api,
            RolloutWatch watch,
            MilvusVersion to,
            ClusterSnapshot planned,
            Supplier<TargetImages> targets,
            OnFailure onFailure,
            boolean asksEtcd) {
        this.api = api;
        this.watch = watch;
        this.to = to;
        this.planned = planned;
        this.targets = targets;
        this.onFailure = onFailure;
        this.asksEtcd = asksEtcd;
    }

    /** The same step, after which a run that failed is left or taken back. */
    public VerifyTarget on(OnFailure wish) {
        return new VerifyTarget(api, watch, to, planned, targets, wish, asksEtcd);
    }

    /** The same step, which also tells {@linkplain WhatMilvusSays what pods say of themselves} in etcd. */
    VerifyTarget askingEtcd() {
        return new VerifyTarget(api, watch, to, planned, targets, onFailure, true);
    }

    @Override
    public OnFailure onFailure() {
        return onFailure;
    }

    @Override
    public StepId id() {
        return StepId.of(to + "/verify");
    }

    @Override
    public String summary() {
        return "verify that every pod of every component runs " + to;
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        KubeApi bounded = api.within(context.remaining());
        ClusterSnapshot now = new InstanceInspector(bounded, planned.id()).inspect();
        TargetImages images = targets.get();
        List<String> wrong = new ArrayList<>();
        planned.workloads().stream()
                .map(Workload::name)
                .filter(name -> now.workloads().stream()
                        .noneMatch(workload -> workload.name().equals(name)))
                .forEach(name -> wrong.add("Deployment " + name + " is gone"));
        Map<String, DeploymentView> healthy = wrong.isEmpty()
                ? watch.awaitHealthy(
                        planned.id(),
                        now.workloadNames(),
                        Duration.ZERO,
                        "Before the upgrade to " + to + " counts as done",
                        context)
                : Map.of();
        List<PodView> pods = bounded.list(
                        Selection.all(Resource.PODS, planned.id().namespace())
                                .withLabels(MilvusLabels.ofInstance(planned.id().instance())))
                .map(PodView::new);
        int right = 0;
        for (Workload workload : now.workloads()) {
            String target = images.of(workload);
            DeploymentView deployment = healthy.get(workload.name());
            if (deployment != null
                    && pods.stream().anyMatch(pod -> pod.deleting() && pod.isOfDeployment(workload.name()))) {
                watch.await(
                        RolloutGoal.of(
                                deployment, workload.container(), workload.image(), RolloutGoal.Until.OLD_PODS_GONE),
                        deployment,
                        context);
            }
            ContainerSpec wanted = new ContainerSpec(workload.container(), workload.image());
            compare(List.of(wanted), workload, target, "Deployment " + workload.name(), wrong);
            for (PodView pod : podsOf(workload, pods)) {
                int before = wrong.size();
                compare(pod.containers(), workload, target, "pod " + pod.name(), wrong);
                right += wrong.size() == before ? 1 : 0;
            }
        }
        if (!wrong.isEmpty()) {
            throw new UpgradeException(
                    Code.NOT_ON_TARGET,
                    "Not everything of " + planned.id() + " runs Milvus " + to + ": " + String.join("; ", wrong)
                            + ". Somebody changed it during the run; resume to look again after it is put right, or roll"
                            + " back.");
        }
        if (asksEtcd) {
            List<PodView> milvus = now.workloads().stream()
                    .flatMap(workload -> podsOf(workload, pods).stream())
                    .toList();
            new WhatMilvusSays(bounded, planned).tell(milvus, pods, to, context);
        }
        return StepResult.alreadyApplied(right + " pods of " + now.workloads().size() + " Deployments run " + to);
    }

    private static List<PodView> podsOf(Workload workload, List<PodView> pods) {
        return pods.stream()
                .filter(pod -> !pod.deleting() && !pod.ended())
                .filter(pod -> pod.isOfDeployment(workload.name()))
                .toList();
    }

    private static void compare(
            List<ContainerSpec> containers, Workload workload, String target, String object, List<String> wrong) {
        containers.stream()
                .filter(container -> container.name().equals(workload.container()))
                .filter(container -> !container.runs(target))
                .forEach(container -> wrong.add(object + " runs " + container.image()));
    }
}
