package io.github.milvusupgrade.k8s.rollout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.ChangeSignal;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.ObjectList;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.ResourceFeed;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a Deployment is rolled out, and says within its {@link Patience} why it will not be. Two watches tell of
 * every change of the Deployment and of its pods; a slow poll beside them makes sure that a watch that died without a
 * sign hides nothing for long. Safe for many threads.
 */
public final class RolloutWatch {

    /** The longest pause between two looks, so that a cancelled run does not wait for the next event. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final KubeApi api;
    private final Time time;
    private final Patience patience;
    private final Duration soak;

    /**
     * Make a watch.
     *
     * @param soak how long a rollout must stay complete before it counts
     */
    public RolloutWatch(KubeApi api, Time time, Patience patience, Duration soak) {
        this.api = api;
        this.time = time;
        this.patience = patience;
        this.soak = soak;
    }

    /**
     * Wait for a rollout, from the state in which the change that started it left the Deployment.
     *
     * @return the Deployment as it is when everything is rolled out
     * @throws UpgradeException if it is stuck, out of time, cancelled, or if somebody else interferes
     */
    public DeploymentView await(RolloutGoal goal, DeploymentView changed, StepContext context)
            throws InterruptedException {
        ChangeSignal signal = new ChangeSignal();
        Selection deployment =
                Selection.all(Resource.DEPLOYMENTS, goal.namespace()).withFields("metadata.name=" + goal.deployment());
        Selection pods = Selection.all(Resource.PODS, goal.namespace()).withLabels(goal.selector());
        KubeApi bounded = api.within(context.remaining());
        try (ResourceFeed deployments = api.follow(deployment, signal, known(changed));
                ResourceFeed podFeed = bounded.follow(pods, signal)) {
            return await(goal, deployments, podFeed, signal, context);
        }
    }

    /**
     * Wait until all named Deployments of an instance have been available for a time, which they mostly are at once.
     *
     * @param calm how long they must have been so without a break; zero asks for the moment alone
     * @param purpose what has to wait for it, as the beginning of a sentence
     * @return the Deployments by name
     * @throws UpgradeException if one is not, after that time and the one that a pod may need to find a node
     */
    public Map<String, DeploymentView> awaitHealthy(
            ClusterId cluster, Set<String> names, Duration calm, String purpose, StepContext context)
            throws InterruptedException {
        KubeApi bounded = api.within(context.remaining());
        Selection selection = Selection.all(Resource.DEPLOYMENTS, cluster.namespace())
                .withLabels(MilvusLabels.ofInstance(cluster.instance()));
        ObjectList list = bounded.list(selection);
        if (calm.isZero() && Health.problems(views(list), names).isEmpty()) {
            return views(list);
        }
        Duration budget = patience.scheduling().plus(calm);
        Deadline deadline = Deadline.after(budget, time);
        ChangeSignal signal = new ChangeSignal();
        Instant calmSince = now();
        String told = "";
        String lastSeen = "";
        try (ResourceFeed feed = bounded.follow(selection, signal, list)) {
            while (true) {
                long seen = signal.count();
                Map<String, DeploymentView> now =
                        views(new ObjectList(List.copyOf(feed.objects().values()), ""));
                String problems = String.join("; ", Health.problems(now, names));
                if (!problems.isEmpty()) {
                    calmSince = now();
                    lastSeen = problems;
                } else if (!calmSince.plus(calm).isAfter(now())) {
                    return now;
                }
                if (!problems.equals(told)) {
                    told = problems;
                    context.progress(
                            problems.isEmpty()
                                    ? "all components are healthy again"
                                    : "waiting for unhealthy components: " + problems);
                }
                if (deadline.passed()) {
                    throw new UpgradeException(
                            Code.UNHEALTHY,
                            purpose + ", all components of " + cluster + " must be healthy"
                                    + (calm.isZero() ? "" : " for " + calm.toSeconds() + " s without a break")
                                    + ", but in " + budget.toSeconds() + " s: " + lastSeen
                                    + ". Nothing of this step was changed. Bring them back, then resume; or roll back.");
                }
                context.checkpoint();
                signal.awaitChangeSince(seen, shorter(LOOK, deadline.remaining()));
                feed.refreshIfSilent(deadline);
            }
        }
    }

    private DeploymentView await(
            RolloutGoal goal, ResourceFeed deployments, ResourceFeed podFeed, ChangeSignal signal, StepContext context)
            throws InterruptedException {
        StallDetector stalls = new StallDetector(patience, now());
        TroubleFinder finder = new TroubleFinder(patience);
        Instant completeSince = Instant.MAX;
        String told = "";
        while (true) {
            long seen = signal.count();
            DeploymentView deployment = current(goal, deployments);
            List<PodView> pods = podFeed.map(PodView::new).stream()
                    .filter(pod -> pod.isOfDeployment(goal.deployment()))
                    .toList();
            RolloutProgress progress = RolloutProgress.of(goal, deployment, pods);
            Deadline patient = Deadline.after(context.remaining(), time);
            boolean first = completeSince.equals(Instant.MAX);
            // The watch of the pods may be behind that of the Deployment, and not know yet that an old one stops.
            if (progress.complete() && first && !podFeed.refresh(patient)) {
                context.checkpoint();
                continue;
            }
            Instant now = now();
            if (!progress.describe().equals(told)) {
                told = progress.describe();
                context.progress(goal.deployment() + ": " + told);
            }
            if (progress.complete()) {
                completeSince = first ? now : completeSince;
                if (!completeSince.plus(soak).isAfter(now)) {
                    return deployment;
                }
            } else {
                refuseRelapse(goal, progress, completeSince);
                List<Trouble> troubles = finder.find(goal, deployment, pods);
                stalls.notice(progress, troubles, now).stream()
                        .filter(trouble -> !trouble.budget().isZero())
                        .forEach(trouble -> context.progress(goal.deployment() + ": " + trouble.describe()
                                + ", waiting up to " + trouble.budget().toSeconds() + " s for it to pass"));
                refuseStall(goal, deployment, progress, stalls, troubles, now, context);
            }
            context.checkpoint();
            signal.awaitChangeSince(seen, shorter(LOOK, context.remaining()));
            deployments.refreshIfSilent(patient);
            podFeed.refreshIfSilent(patient);
        }
    }

    private void refuseStall(
            RolloutGoal goal,
            DeploymentView deployment,
            RolloutProgress progress,
            StallDetector stalls,
            List<Trouble> troubles,
            Instant now,
            StepContext context) {
        if (stalls.stalled(troubles, now).isPresent()) {
            throw stuck(goal, progress, stalls.stalled(troubles, now).get(), troubles);
        }
        if (stalls.idle(now)) {
            Trouble idle = Trouble.noProgress(deployment, patience.noProgress());
            throw stuck(goal, progress, idle, troubles);
        }
        if (context.remaining().isZero()) {
            throw new UpgradeException(
                    Code.STEP_TIMED_OUT,
                    "The rollout of " + goal + " did not complete in its time: " + progress.describe() + "."
                            + others(troubles, null)
                            + " It is left as it is. Resume to wait longer, or roll back.");
        }
    }

    private UpgradeException stuck(
            RolloutGoal goal, RolloutProgress progress, Trouble trouble, List<Trouble> troubles) {
        String evidence = new Evidence(api, goal.namespace()).about(trouble);
        return new UpgradeException(
                trouble.code(),
                "The rollout of " + goal + " is stuck: " + trouble.describe() + ". " + progress.describe() + "."
                        + others(troubles, trouble) + evidence
                        + "\n  The Deployment is left as it is. Go on after a fix, or roll back.");
    }

    private static String others(List<Trouble> troubles, @Nullable Trouble but) {
        List<String> lines = new ArrayList<>();
        troubles.stream()
                .filter(trouble -> but == null || !trouble.key().equals(but.key()))
                .filter(trouble -> trouble.code() != Code.STUCK_TERMINATING)
                .limit(3)
                .forEach(trouble -> lines.add("\n  also: " + trouble.describe()));
        return String.join("", lines);
    }

    /** A rollout that was complete and degrades while it soaks has failed, even if it might recover. */
    private static void refuseRelapse(RolloutGoal goal, RolloutProgress progress, Instant completeSince) {
        if (!completeSince.equals(Instant.MAX)) {
            throw new UpgradeException(
                    Code.UNHEALTHY,
                    "The rollout of " + goal + " was complete, but did not stay so: " + progress.describe()
                            + ". It is left as it is. Look why the pods went, then resume; or roll back.");
        }
    }

    private static DeploymentView current(RolloutGoal goal, ResourceFeed deployments) {
        DeploymentView deployment = deployments.map(DeploymentView::new).stream()
                .findFirst()
                .orElseThrow(() -> new UpgradeException(
                        Code.WORKLOAD_GONE,
                        "Deployment " + goal.namespace() + "/" + goal.deployment()
                                + " was deleted while it was rolled out. It is not created anew; bring it back, then"
                                + " resume."));
        if (!deployment.uid().equals(goal.uid())) {
            throw new UpgradeException(
                    Code.WORKLOAD_GONE,
                    "Deployment " + goal.namespace() + "/" + goal.deployment()
                            + " was replaced by another one of the same name while it was rolled out. Make a new plan.");
        }
        String image = deployment.imageOf(goal.container()).orElse("nothing");
        if (!image.equals(goal.image())) {
            throw new UpgradeException(
                    Code.CHANGED_BY_OTHERS,
                    "Deployment " + goal.namespace() + "/" + goal.deployment() + " was set to " + goal.image()
                            + ", but now runs " + image
                            + ": somebody else changed it while it was rolled out ("
                            + deployment.imageSetBy(goal.container()).orElse("nobody on record")
                            + " set it). Nothing more was written. If a GitOps"
                            + " controller did it, suspend its sync; then resume, or roll back.");
        }
        return deployment;
    }

    private static ObjectList known(DeploymentView deployment) {
        return new ObjectList(List.of((ObjectNode) deployment.raw()), deployment.resourceVersion());
    }

    private static Map<String, DeploymentView> views(ObjectList list) {
        Map<String, DeploymentView> views = new LinkedHashMap<>();
        list.map(DeploymentView::new).forEach(view -> views.put(view.name(), view));
        return views;
    }

    private Instant now() {
        return Instant.EPOCH.plusNanos(time.nanos());
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
