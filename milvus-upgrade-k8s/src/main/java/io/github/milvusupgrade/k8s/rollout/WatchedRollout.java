package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.ResourceFeed;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One rollout that is waited for: what was seen of it so far, and since when. For one thread. */
final class WatchedRollout implements AutoCloseable {

    private final KubeApi api;
    private final RolloutGoal goal;
    private final ResourceFeed deployments;
    private final ResourceFeed podFeed;
    private final Time time;
    private final Patience patience;
    private final Duration soak;
    private final StallDetector stalls;
    private final TroubleFinder finder;
    private Instant completeSince = Instant.MAX;
    private String told = "";

    /** Begin. Both feeds are closed with the rollout. */
    WatchedRollout(
            KubeApi api,
            RolloutGoal goal,
            ResourceFeed deployments,
            ResourceFeed podFeed,
            Time time,
            Patience patience,
            Duration soak) {
        this.api = api;
        this.goal = goal;
        this.deployments = deployments;
        this.podFeed = podFeed;
        this.time = time;
        this.patience = patience;
        this.soak = goal.until() == RolloutGoal.Until.READY_BESIDE ? goal.calm() : soak;
        this.stalls = new StallDetector(patience, now());
        this.finder = new TroubleFinder(patience);
    }

    /**
     * Look at it once; answers the Deployment if it has arrived at its goal.
     *
     * @throws UpgradeException if it will not, as far as can be seen
     */
    Optional<DeploymentView> look(StepContext context) {
        while (true) {
            DeploymentView deployment = current();
            List<PodView> pods = podFeed.map(PodView::new).stream()
                    .filter(pod -> pod.isOfDeployment(goal.deployment()))
                    .toList();
            RolloutProgress progress = RolloutProgress.of(goal, deployment, pods);
            boolean first = completeSince.equals(Instant.MAX);
            // The watch of the pods may be behind that of the Deployment, and not know yet that an old one stops.
            if (progress.complete() && first && !podFeed.refresh(Deadline.after(context.remaining(), time))) {
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
                return completeSince.plus(soak).isAfter(now) ? Optional.empty() : Optional.of(deployment);
            }
            refuseRelapse(progress);
            List<Trouble> troubles = finder.find(goal, deployment, pods);
            stalls.notice(progress, troubles, now).stream()
                    .filter(trouble -> !trouble.budget().isZero())
                    .forEach(trouble -> context.progress(goal.deployment() + ": " + trouble.describe()
                            + ", waiting up to " + trouble.budget().toSeconds() + " s for it to pass"));
            refuseStall(deployment, progress, troubles, now, context);
            return Optional.empty();
        }
    }

    void refreshIfSilent(Deadline deadline) {
        deployments.refreshIfSilent(deadline);
        podFeed.refreshIfSilent(deadline);
    }

    @Override
    public void close() {
        podFeed.close();
        deployments.close();
    }

    private void refuseStall(
            DeploymentView deployment,
            RolloutProgress progress,
            List<Trouble> troubles,
            Instant now,
            StepContext context) {
        if (stalls.stalled(troubles, now).isPresent()) {
            throw stuck(progress, stalls.stalled(troubles, now).get(), troubles);
        }
        if (stalls.idle(now)) {
            Trouble idle = Trouble.noProgress(deployment, patience.noProgress());
            throw stuck(progress, idle, troubles);
        }
        if (context.remaining().isZero()) {
            throw new UpgradeException(
                    Code.STEP_TIMED_OUT,
                    "The rollout of " + goal + " did not complete in its time: " + progress.describe() + "."
                            + others(troubles, null)
                            + " It is left as it is. Resume to wait longer, or roll back.");
        }
    }

    private UpgradeException stuck(RolloutProgress progress, Trouble trouble, List<Trouble> troubles) {
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
    private void refuseRelapse(RolloutProgress progress) {
        if (!completeSince.equals(Instant.MAX)) {
            throw new UpgradeException(
                    Code.UNHEALTHY,
                    "The rollout of " + goal + " was complete, but did not stay so: " + progress.describe()
                            + ". It is left as it is. Look why the pods went, then resume; or roll back.");
        }
    }

    private DeploymentView current() {
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

    private Instant now() {
        return Instant.EPOCH.plusNanos(time.nanos());
    }
}
