package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One rollout that is waited for: what was seen of it so far, and since when. For one thread. */
final class WatchedRollout {

    private static final Set<Code> NO_ROOM = Set.of(Code.UNSCHEDULABLE, Code.PODS_REFUSED);

    private final KubeApi api;
    private final RolloutGoal goal;
    private final Time time;
    private final StallDetector stalls;
    private final TroubleFinder finder;
    private final Patience patience;
    private final Duration soak;
    private DeploymentView deployment;
    private boolean heardOf;
    private Instant completeSince = Instant.MAX;
    private String told = "";

    /** Begin from the state in which the change that started the rollout left the Deployment. */
    WatchedRollout(KubeApi api, RolloutGoal goal, DeploymentView changed, Time time, Patience patience, Duration soak) {
        this.api = api;
        this.goal = goal;
        this.deployment = changed;
        this.time = time;
        this.patience = patience;
        this.soak = switch (goal.until()) {
            case READY_BESIDE, JOINED -> goal.calm();
            case AVAILABLE, OLD_PODS_GONE -> soak;
        };
        this.stalls = new StallDetector(patience, now());
        this.finder = new TroubleFinder(patience);
    }

    /** Whether it has arrived at its goal as far as is heard. */
    boolean seemsComplete(Glance glance, StepContext context) {
        deployment = current(glance, context);
        return progress(glance, context).complete();
    }

    /** Whether what is heard of pods does not do to say that it has arrived. */
    boolean mustAskForPods() {
        return completeSince.equals(Instant.MAX) && goal.until() != RolloutGoal.Until.READY_BESIDE;
    }

    /**
     * Look at it once, after {@link #seemsComplete}; answers the Deployment if it has arrived at its goal.
     *
     * @param certain whether what is heard of pods is not older than what is heard of the Deployment
     * @throws UpgradeException if it will not arrive, as far as can be seen, or did not stay
     */
    Optional<DeploymentView> look(Glance glance, boolean certain, StepContext context) {
        RolloutProgress progress = progress(glance, context);
        Instant now = now();
        if (!progress.describe().equals(told)) {
            told = progress.describe();
            context.progress(goal.deployment() + ": " + told);
        }
        if (progress.complete()) {
            completeSince = certain && completeSince.equals(Instant.MAX) ? now : completeSince;
            boolean arrived = !completeSince.equals(Instant.MAX)
                    && !completeSince.plus(soak).isAfter(now);
            return arrived ? Optional.of(deployment) : Optional.empty();
        }
        refuseRelapse(progress);
        List<Trouble> troubles = finder.find(goal, deployment, glance.podsOf(goal.deployment(), context));
        stalls.notice(progress, troubles, now).stream()
                .filter(trouble -> !trouble.budget().isZero())
                .forEach(trouble -> context.progress(goal.deployment() + ": " + trouble.describe() + ", waiting up to "
                        + trouble.budget().toSeconds() + " s for it to pass"));
        Optional<Trouble> stalled = stalls.stalled(troubles, now);
        if (goesOnWithFewer(progress, stalled)) {
            context.progress(goal.deployment() + ": there is no room for more, so it goes on with " + told);
            return Optional.of(deployment);
        }
        refuseStall(progress, stalled, troubles, now, context);
        return Optional.empty();
    }

    private boolean goesOnWithFewer(RolloutProgress progress, Optional<Trouble> stalled) {
        return goal.until() == RolloutGoal.Until.JOINED
                && progress.newReady() > 0
                && stalled.filter(trouble -> NO_ROOM.contains(trouble.code())).isPresent();
    }

    private RolloutProgress progress(Glance glance, StepContext context) {
        return RolloutProgress.of(goal, deployment, glance.podsOf(goal.deployment(), context));
    }

    private void refuseStall(
            RolloutProgress progress,
            Optional<Trouble> stalled,
            List<Trouble> troubles,
            Instant now,
            StepContext context) {
        if (stalled.isPresent()) {
            throw stuck(progress, stalled.get(), troubles);
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

    private DeploymentView current(Glance glance, StepContext context) {
        Optional<DeploymentView> found =
                heardOf ? glance.deployment(goal.deployment()) : glance.newDeployment(goal.deployment(), context);
        heardOf = true;
        DeploymentView heard = found.orElseThrow(() -> new UpgradeException(
                Code.WORKLOAD_GONE,
                "Deployment " + goal.namespace() + "/" + goal.deployment()
                        + " was deleted while it was rolled out. It is not created anew; bring it back, then"
                        + " resume."));
        boolean older = heard.uid().equals(goal.uid()) && heard.generation() < goal.generation();
        return older ? deployment : checked(heard);
    }

    private DeploymentView checked(DeploymentView found) {
        if (!found.uid().equals(goal.uid())) {
            throw new UpgradeException(
                    Code.WORKLOAD_GONE,
                    "Deployment " + goal.namespace() + "/" + goal.deployment()
                            + " was replaced by another one of the same name while it was rolled out. Make a new plan.");
        }
        String image = found.imageOf(goal.container()).orElse("nothing");
        if (!image.equals(goal.image())) {
            throw new UpgradeException(
                    Code.CHANGED_BY_OTHERS,
                    "Deployment " + goal.namespace() + "/" + goal.deployment() + " was set to " + goal.image()
                            + ", but now runs " + image
                            + ": somebody else changed it while it was rolled out ("
                            + found.imageSetBy(goal.container()).orElse("nobody on record")
                            + " set it). Nothing more was written. If a GitOps"
                            + " controller did it, suspend its sync; then resume, or roll back.");
        }
        return found;
    }

    private Instant now() {
        return Instant.EPOCH.plusNanos(time.nanos());
    }
}
