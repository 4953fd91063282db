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
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Waits until Deployments are rolled out, and says within its {@link Patience} why one will not be. Two watches for
 * each tell of every change of the Deployment and of its pods; a slow poll beside them makes sure that a watch that
 * died without a sign hides nothing for long. Safe for many threads.
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
        return Objects.requireNonNull(awaitAll(Map.of(goal, changed), context).get(goal));
    }

    /**
     * Wait for several rollouts at once, each from the state in which the change that started it left its Deployment.
     * The first that is in trouble for too long ends the wait for all.
     *
     * @return the Deployments as each of them was when it was rolled out
     * @throws UpgradeException if one is stuck, out of time, cancelled, or if somebody else interferes
     */
    public Map<RolloutGoal, DeploymentView> awaitAll(Map<RolloutGoal, DeploymentView> changed, StepContext context)
            throws InterruptedException {
        ChangeSignal signal = new ChangeSignal();
        Map<RolloutGoal, WatchedRollout> rollouts = new LinkedHashMap<>();
        try {
            for (Map.Entry<RolloutGoal, DeploymentView> rollout : changed.entrySet()) {
                rollouts.put(rollout.getKey(), watch(rollout.getKey(), rollout.getValue(), signal, context));
            }
            Map<RolloutGoal, DeploymentView> arrived = new LinkedHashMap<>();
            while (true) {
                long seen = signal.count();
                for (Map.Entry<RolloutGoal, WatchedRollout> rollout : rollouts.entrySet()) {
                    if (!arrived.containsKey(rollout.getKey())) {
                        rollout.getValue().look(context).ifPresent(view -> arrived.put(rollout.getKey(), view));
                    }
                }
                if (arrived.size() == rollouts.size()) {
                    return arrived;
                }
                context.checkpoint();
                signal.awaitChangeSince(seen, shorter(LOOK, context.remaining()));
                Deadline patient = Deadline.after(context.remaining(), time);
                rollouts.values().forEach(rollout -> rollout.refreshIfSilent(patient));
            }
        } finally {
            rollouts.values().forEach(WatchedRollout::close);
        }
    }

    /** Let a time pass in which nothing could be seen; it ends early if the run is stopped. */
    public void pause(Duration duration, String purpose, StepContext context) throws InterruptedException {
        if (duration.isZero()) {
            return;
        }
        context.progress(purpose + ": " + duration.toSeconds() + " s");
        Deadline over = Deadline.after(shorter(duration, context.remaining()), time);
        while (!over.passed()) {
            context.checkpoint();
            time.sleep(shorter(LOOK, over.remaining()));
        }
    }

    private WatchedRollout watch(RolloutGoal goal, DeploymentView changed, ChangeSignal signal, StepContext context) {
        Selection deployment =
                Selection.all(Resource.DEPLOYMENTS, goal.namespace()).withFields("metadata.name=" + goal.deployment());
        Selection pods = Selection.all(Resource.PODS, goal.namespace()).withLabels(goal.selector());
        ResourceFeed deployments = api.follow(deployment, signal, known(changed));
        try {
            ResourceFeed podFeed = api.within(context.remaining()).follow(pods, signal);
            return new WatchedRollout(api, goal, deployments, podFeed, time, patience, soak);
        } catch (RuntimeException e) {
            deployments.close();
            throw e;
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
