package io.github.milvusupgrade.k8s.migrate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Patch;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.rolling.Stamps;
import io.github.milvusupgrade.k8s.rollout.PodWatch.Look;
import io.github.milvusupgrade.k8s.rollout.RolloutGoal;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Stops and starts all Deployments of the instance together. */
final class Instance {

    /** On a Deployment that was stopped: how many pods it is to have again. */
    private static final String REPLICAS = "milvusupgrade.github.io/replicas";

    private static final int CONFLICTS = 5;

    private final ClusterAccess access;
    private final Migration migration;

    Instance(ClusterAccess access, Migration migration) {
        this.access = access;
        this.migration = migration;
    }

    /**
     * What a Deployment is to run.
     *
     * @param image the image of its Milvus container
     * @param replicas how many pods
     * @param versionLabel its label {@code app.kubernetes.io/version}; left alone if empty
     */
    record Target(String image, int replicas, Optional<String> versionLabel) {}

    /** Image, number of pods and version label of every Deployment, to be brought back by {@link #captured}. */
    Map<String, String> facts(StepContext context) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (Workload workload : inOrder()) {
            DeploymentView deployment = read(workload, context);
            String name = workload.name();
            facts.put(name + ".uid", deployment.uid());
            facts.put(name + ".image", deployment.imageOf(workload.container()).orElse(workload.image()));
            facts.put(name + ".replicas", Integer.toString(wanted(deployment)));
            Optional.ofNullable(deployment.labels().get(MilvusLabels.VERSION))
                    .ifPresent(version -> facts.put(name + ".versionLabel", version));
        }
        return facts;
    }

    /** What {@link #facts} wrote about a Deployment. */
    static Target captured(Workload workload, StepContext context) {
        return new Target(
                context.captured(workload.name() + ".image"),
                Integer.parseInt(context.captured(workload.name() + ".replicas")),
                Optional.ofNullable(context.captured().get(workload.name() + ".versionLabel")));
    }

    private static int wanted(DeploymentView deployment) {
        String noted = deployment.annotations().getOrDefault(REPLICAS, "");
        return noted.matches("\\d{1,6}") && deployment.replicas() == 0
                ? Integer.parseInt(noted)
                : deployment.replicas();
    }

    /** Lets no pod be wanted any more, those first that others depend on least, and waits until all are gone. */
    boolean stop(StepContext context) throws InterruptedException {
        List<Workload> last = new ArrayList<>(inOrder());
        Collections.reverse(last);
        boolean changed = false;
        for (Workload workload : last) {
            changed |= stop(workload, context);
        }
        access.pods()
                .await(
                        migration.id().namespace(),
                        this::isOurs,
                        "all pods of " + migration.id() + " to be gone",
                        pods -> pods.isEmpty()
                                ? Look.done(true)
                                : Look.notYet(pods.size() + " still there: " + names(pods)),
                        Deadline.after(context.remaining(), access.time()),
                        context);
        return changed;
    }

    private static String names(List<PodView> pods) {
        String first = String.join(
                ", ", pods.stream().map(PodView::name).sorted().limit(3).toList());
        return pods.size() > 3 ? first + ", …" : first;
    }

    private boolean stop(Workload workload, StepContext context) {
        DeploymentView before = read(workload, context);
        if (before.replicas() == 0 && before.annotations().containsKey(REPLICAS)) {
            return false;
        }
        change(
                workload,
                context,
                deployment -> {
                    ObjectNode body = body(deployment, context);
                    body.withObjectProperty("metadata")
                            .withObjectProperty("annotations")
                            .put(REPLICAS, Integer.toString(wanted(deployment)));
                    body.withObjectProperty("spec").put("replicas", 0);
                    return body;
                },
                deployment -> deployment.replicas() == 0);
        return true;
    }

    /** Refuses to go on if anything of the instance runs: its metadata is about to be changed. */
    void refusePods(StepContext context) {
        List<PodView> pods = api(context)
                .list(Selection.all(Resource.PODS, migration.id().namespace())
                        .withLabels(MilvusLabels.ofInstance(migration.id().instance())))
                .map(PodView::new)
                .stream()
                .filter(this::isOurs)
                .toList();
        if (!pods.isEmpty()) {
            throw new UpgradeException(
                    Code.STILL_RUNNING,
                    pods.size() + " pods of " + migration.id() + " run although it was stopped: " + names(pods)
                            + ". Somebody started them (an autoscaler, an operator, GitOps, a person); the metadata"
                            + " must not be touched meanwhile. Find out who, and stop that.");
        }
    }

    private boolean isOurs(PodView pod) {
        return !pod.ended()
                && migration.snapshot().workloads().stream().anyMatch(workload -> pod.isOfDeployment(workload.name()));
    }

    /** Brings every Deployment to its target, in the order of the hop, and waits until all are rolled out. */
    boolean start(Function<Workload, Target> targets, StepContext context) throws InterruptedException {
        boolean changed = false;
        Map<Workload, DeploymentView> started = new LinkedHashMap<>();
        for (Workload workload : inOrder()) {
            Target target = targets.apply(workload);
            DeploymentView before = read(workload, context);
            if (isAt(before, workload, target)) {
                started.put(workload, before);
            } else {
                changed = true;
                started.put(
                        workload,
                        change(
                                workload,
                                context,
                                deployment -> startBody(deployment, workload, target, context),
                                deployment -> isAt(deployment, workload, target)));
            }
        }
        for (Map.Entry<Workload, DeploymentView> entry : started.entrySet()) {
            Workload workload = entry.getKey();
            RolloutGoal goal = RolloutGoal.of(
                    entry.getValue(),
                    workload.container(),
                    targets.apply(workload).image(),
                    RolloutGoal.Until.OLD_PODS_GONE);
            access.rollouts().await(goal, entry.getValue(), context);
        }
        return changed;
    }

    private static boolean isAt(DeploymentView deployment, Workload workload, Target target) {
        return deployment.replicas() == target.replicas()
                && !deployment.annotations().containsKey(REPLICAS)
                && deployment
                        .imageOf(workload.container())
                        .filter(target.image()::equals)
                        .isPresent();
    }

    private ObjectNode startBody(DeploymentView deployment, Workload workload, Target target, StepContext context) {
        ObjectNode body = body(deployment, context);
        ObjectNode metadata = body.withObjectProperty("metadata");
        metadata.withObjectProperty("annotations").putNull(REPLICAS);
        target.versionLabel()
                .ifPresent(version -> metadata.withObjectProperty("labels").put(MilvusLabels.VERSION, version));
        ObjectNode spec = body.withObjectProperty("spec").put("replicas", target.replicas());
        spec.withObjectProperty("template")
                .withObjectProperty("spec")
                .withArrayProperty("containers")
                .addObject()
                .put("name", workload.container())
                .put("image", target.image());
        return body;
    }

    private DeploymentView change(
            Workload workload,
            StepContext context,
            Function<DeploymentView, ObjectNode> body,
            Predicate<DeploymentView> alreadyThere) {
        for (int attempt = 0; attempt <= CONFLICTS; attempt++) {
            DeploymentView deployment = read(workload, context);
            context.checkpoint();
            try {
                return new DeploymentView(api(context)
                        .patch(
                                ref(workload),
                                Patch.strategic(body.apply(deployment)),
                                sent -> alreadyThere.test(new DeploymentView(sent))));
            } catch (KubeApiException e) {
                if (!e.is(KubeApiException.Kind.CONFLICT)) {
                    throw e;
                }
            }
        }
        throw new UpgradeException(
                Code.CHANGED_BY_OTHERS,
                "Could not change " + ref(workload) + ": something else changed it " + (CONFLICTS + 1)
                        + " times in the same moments. Find out what fights for it, and stop that.");
    }

    private DeploymentView read(Workload workload, StepContext context) {
        DeploymentView found =
                api(context).find(ref(workload)).map(DeploymentView::new).orElseThrow(() -> gone(workload, "is gone"));
        String uid = context.captured().getOrDefault(workload.name() + ".uid", found.uid());
        if (!found.uid().equals(uid)) {
            throw gone(workload, "was replaced by another one of the same name");
        }
        return found;
    }

    private UpgradeException gone(Workload workload, String how) {
        return new UpgradeException(
                Code.WORKLOAD_GONE,
                ref(workload) + " " + how
                        + ": somebody deleted it during the run. It is not created anew; bring it back, then go on.");
    }

    private static ObjectNode body(DeploymentView deployment, StepContext context) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = body.putObject("metadata");
        metadata.put("resourceVersion", deployment.resourceVersion());
        Stamps.putInto(metadata, context);
        return body;
    }

    private ObjectRef ref(Workload workload) {
        return Resource.DEPLOYMENTS.in(migration.id().namespace(), workload.name());
    }

    private KubeApi api(StepContext context) {
        return access.api().within(context.remaining());
    }

    /** All workloads: those in the order of the hop, then those that have no place in it. */
    private List<Workload> inOrder() {
        Collection<Component> known = new ArrayList<>(migration.snapshot().components());
        known.retainAll(migration.hop().graph().components());
        List<Workload> ordered = new ArrayList<>();
        migration.hop().graph().stages(new LinkedHashSet<>(known)).stream()
                .flatMap(List::stream)
                .flatMap(component -> migration.snapshot().workloads(component).stream())
                .forEach(ordered::add);
        migration.snapshot().workloads().stream()
                .filter(workload -> !ordered.contains(workload))
                .forEach(ordered::add);
        return ordered;
    }
}
