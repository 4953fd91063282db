package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Patch;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.helmpath.ReleaseChange.Direction;
import io.github.milvusupgrade.k8s.helmpath.ReleaseChange.ObjectKey;
import io.github.milvusupgrade.k8s.rolling.DryRunnable;
import io.github.milvusupgrade.k8s.rolling.PlannedPatch;
import io.github.milvusupgrade.k8s.rollout.RolloutGoal;
import io.github.milvusupgrade.k8s.rollout.RolloutGoal.Until;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the Deployments of one component what the chart makes of them, with the objects that their pods read, and waits
 * until they are rolled out. The strategy of the chart holds: a coordinator that the chart calls {@code Recreate} stops
 * before its successor starts.
 */
final class ApplyComponent implements DryRunnable {

    private static final String REVISION = "revision";
    private static final String DEPLOYMENT = "Deployment";

    private final KubeApi api;
    private final RolloutWatch watch;
    private final ReleaseHop release;
    private final Component component;
    private final List<Workload> workloads;
    private final Duration timeoutPerPod;

    ApplyComponent(
            KubeApi api,
            RolloutWatch watch,
            ReleaseHop release,
            Component component,
            List<Workload> workloads,
            Duration timeoutPerPod) {
        this.api = api;
        this.watch = watch;
        this.release = release;
        this.component = component;
        this.workloads = workloads;
        this.timeoutPerPod = timeoutPerPod;
    }

    @Override
    public StepId id() {
        return StepId.of(release.hop().to() + "/apply/" + component);
    }

    @Override
    public String summary() {
        return "bring " + component + " to what chart " + release.chartVersion() + " makes of it for "
                + release.hop().to();
    }

    @Override
    public Set<Component> components() {
        return Set.of(component);
    }

    /** The manifest of the revision says what everything was. */
    @Override
    public Map<String, String> capture(StepContext context) throws InterruptedException {
        watch.awaitHealthy(
                release.cluster(),
                context.snapshot().workloadNames(),
                Duration.ZERO,
                "Before " + component + " may be touched",
                context);
        return Map.of(REVISION, Integer.toString(release.baseAsPlanned().revision()));
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        ReleaseChange change = release.from(revision(context));
        return bring(
                change.forth(),
                context,
                component + " is what chart " + release.chartVersion() + " makes of it",
                component.equals(Component.QUERYNODE) ? Until.AVAILABLE : Until.OLD_PODS_GONE);
    }

    @Override
    public List<PlannedPatch> patches(ClusterSnapshot now, Map<String, DeploymentView> deployments, Duration atMost) {
        Direction direction = release.from(release.base().revision()).forth();
        return workloads.stream()
                .map(workload -> new ObjectKey(DEPLOYMENT, workload.name()))
                .filter(key -> direction.wants(key) && deployments.containsKey(key.name()))
                .map(key -> patch(
                        key, direction, (ObjectNode) view(deployments, key).raw()))
                .toList();
    }

    /** The same change, in the form in which it can be tried out: its images can be read off it. */
    private PlannedPatch patch(ObjectKey key, Direction direction, ObjectNode live) {
        ObjectNode patch = MergePatch.between(live, direction.applied(key, live));
        patch.withObjectProperty("metadata").set("resourceVersion", live.at("/metadata/resourceVersion"));
        return new PlannedPatch(ref(Resource.DEPLOYMENTS, key.name()), Patch.merge(patch));
    }

    private static DeploymentView view(Map<String, DeploymentView> deployments, ObjectKey key) {
        return Objects.requireNonNull(deployments.get(key.name()));
    }

    @Override
    public Undo undo() {
        return Undo.by("bring " + component + " back to what it was in the release", this::takeBack);
    }

    private StepResult takeBack(StepContext context) throws InterruptedException {
        ReleaseChange change = release.from(revision(context));
        return bring(
                change.back(),
                context,
                component + " is what it was in revision " + change.revision(),
                Until.OLD_PODS_GONE);
    }

    @Override
    public Duration timeout() {
        int pods = workloads.stream().mapToInt(Workload::replicas).sum();
        return timeoutPerPod.multipliedBy(Math.max(1, pods) + 1L);
    }

    private static int revision(StepContext context) {
        return Integer.parseInt(context.captured(REVISION));
    }

    private StepResult bring(Direction direction, StepContext context, String summary, Until until)
            throws InterruptedException {
        ObjectWriter writer = new ObjectWriter(api, context);
        boolean changed = false;
        for (Workload workload : workloads) {
            ObjectKey key = new ObjectKey(DEPLOYMENT, workload.name());
            if (!direction.wants(key)) {
                throw leftOut(workload);
            }
            changed |= bringNeeded(direction.wanted(key), direction, writer);
            ObjectRef ref = ref(Resource.DEPLOYMENTS, workload.name());
            ObjectWriter.Written written = writer.write(ref, live -> direction.applied(key, live))
                    .orElseThrow(() -> new UpgradeException(
                            Code.WORKLOAD_GONE,
                            ref + " is gone: somebody deleted it since the plan was made. Make a new plan."));
            changed |= written.changed();
            DeploymentView now = new DeploymentView(written.object());
            String image = now.imageOf(workload.container()).orElse(workload.image());
            watch.await(RolloutGoal.of(now, workload.container(), image, until), now, context);
        }
        return changed ? StepResult.applied(summary) : StepResult.alreadyApplied(summary + " already");
    }

    /** The pods read them when they start, so they come first. Components share them; the first one changes them. */
    private boolean bringNeeded(ObjectNode deployment, Direction direction, ObjectWriter writer) {
        boolean changed = false;
        for (ObjectKey key : PodReferences.of(deployment)) {
            if (direction.wants(key)) {
                ObjectRef ref = ref(PodReferences.resourceOf(key), key.name());
                Optional<ObjectWriter.Written> written = writer.write(ref, live -> direction.applied(key, live));
                if (written.isEmpty()) {
                    writer.create(ref, direction.wanted(key), release.cluster().instance());
                }
                changed |= written.map(ObjectWriter.Written::changed).orElse(true);
            }
        }
        return changed;
    }

    private ObjectRef ref(Resource resource, String name) {
        return resource.in(release.cluster().namespace(), name);
    }

    private UpgradeException leftOut(Workload workload) {
        return new UpgradeException(
                Code.PATH_NOT_EXECUTABLE,
                "Chart " + release.chartVersion() + " with the values of release " + release.cluster()
                        + " has no Deployment " + workload.name() + ", which runs now: a helm upgrade would delete it."
                        + " Change the values so that the chart makes it, or take " + component
                        + " away first; then make a new plan. Nothing of this step was changed.");
    }
}
