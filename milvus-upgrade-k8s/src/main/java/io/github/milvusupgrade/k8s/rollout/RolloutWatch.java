package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Waits until Deployments are rolled out, and says within its {@link Patience} why one will not be. A
 * {@link LiveInstance} tells of every change of them and of their pods. Safe for many threads.
 */
public final class RolloutWatch {

    /** The longest pause between two looks, so that a cancelled run does not wait for the next event. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final KubeApi api;
    private final LiveInstance live;
    private final Time time;
    private final Patience patience;
    private final Duration soak;

    /**
     * Make a watch.
     *
     * @param soak how long a rollout must stay complete before it counts
     */
    public RolloutWatch(KubeApi api, LiveInstance live, Time time, Patience patience, Duration soak) {
        this.api = api;
        this.live = live;
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
     * Wait until several rollouts have arrived at the same time, each from the state in which the change that started
     * it left its Deployment. The first that is in trouble for too long ends the wait for all.
     *
     * @return the Deployments as each of them was when it was rolled out
     * @throws UpgradeException if one is stuck, out of time, cancelled, or if somebody else interferes
     */
    public Map<RolloutGoal, DeploymentView> awaitAll(Map<RolloutGoal, DeploymentView> changed, StepContext context)
            throws InterruptedException {
        Map<RolloutGoal, WatchedRollout> awaited = new LinkedHashMap<>();
        changed.forEach((goal, from) -> awaited.put(goal, new WatchedRollout(api, goal, from, time, patience, soak)));
        Map<RolloutGoal, DeploymentView> arrived = new LinkedHashMap<>();
        try (LiveInstance.Looking looking = live.look()) {
            while (true) {
                long seen = looking.changes();
                Glance glance = new Glance(looking, context);
                boolean complete = isComplete(awaited.values(), glance, context);
                for (Map.Entry<RolloutGoal, WatchedRollout> rollout : awaited.entrySet()) {
                    if (!arrived.containsKey(rollout.getKey())) {
                        rollout.getValue()
                                .look(glance, complete, context)
                                .ifPresent(view -> arrived.put(rollout.getKey(), view));
                    }
                }
                if (arrived.size() == awaited.size()) {
                    return arrived;
                }
                context.checkpoint();
                looking.awaitChangeSince(seen, Deadline.shorter(LOOK, context.remaining()), context);
            }
        }
    }

    /**
     * Whether all seem to have arrived. What is heard of pods may then be behind what is heard of Deployments, and not
     * know that an old one stops; so it is asked for, once for all.
     */
    private static boolean isComplete(Collection<WatchedRollout> rollouts, Glance glance, StepContext context) {
        boolean complete = true;
        for (WatchedRollout rollout : rollouts) {
            complete &= rollout.seemsComplete(glance, context);
        }
        if (complete && rollouts.stream().anyMatch(WatchedRollout::mustAskForPods)) {
            glance.askForPods(context);
        }
        return complete;
    }

    /** Let a time pass in which nothing could be seen; it ends early if the run is stopped. */
    public void pause(Duration duration, String purpose, StepContext context) throws InterruptedException {
        if (duration.isZero()) {
            return;
        }
        context.progress(purpose + ": " + duration.toSeconds() + " s");
        Deadline over = Deadline.after(Deadline.shorter(duration, context.remaining()), time);
        while (!over.passed()) {
            context.checkpoint();
            time.sleep(Deadline.shorter(LOOK, over.remaining()));
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
        Duration budget = patience.scheduling().plus(calm);
        Deadline deadline = Deadline.after(budget, time);
        Instant calmSince = now();
        String told = "";
        String lastSeen = "";
        try (LiveInstance.Looking looking = live.look()) {
            looking.askForDeployments(context);
            while (true) {
                long seen = looking.changes();
                Map<String, DeploymentView> now = views(looking.deployments(context));
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
                looking.awaitChangeSince(seen, Deadline.shorter(LOOK, deadline.remaining()), context);
            }
        }
    }

    private static Map<String, DeploymentView> views(List<DeploymentView> deployments) {
        Map<String, DeploymentView> views = new LinkedHashMap<>();
        deployments.forEach(view -> views.put(view.name(), view));
        return views;
    }

    private Instant now() {
        return Instant.EPOCH.plusNanos(time.nanos());
    }
}
