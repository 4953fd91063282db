package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.Collection;

/**
 * How far a rollout is, as numbers that only depend on what was read. Equal values mean that nothing has moved.
 *
 * @param observed whether the controller has seen the change
 * @param wanted the pods that are wanted
 * @param present the pods that are there and not terminating, old and new
 * @param updated the new ones of them
 * @param ready the ready ones of them
 * @param available the ones that have been ready long enough
 * @param terminating the pods that are on their way out
 * @param newReady the ready ones of the new pods
 * @param until what the rollout is to come to
 * @param beside how many new pods that takes, if they are to be ready beside the old ones
 * @param old how many old pods may be left, if some are to be
 */
public record RolloutProgress(
        boolean observed,
        int wanted,
        int present,
        int updated,
        int ready,
        int available,
        int terminating,
        int newReady,
        RolloutGoal.Until until,
        int beside,
        int old) {

    /** Measure a rollout. */
    static RolloutProgress of(RolloutGoal goal, DeploymentView deployment, Collection<PodView> pods) {
        return new RolloutProgress(
                deployment.observedGeneration() >= goal.generation(),
                deployment.replicas(),
                deployment.currentReplicas(),
                deployment.updatedReplicas(),
                deployment.readyReplicas(),
                deployment.availableReplicas(),
                (int) pods.stream().filter(PodView::deleting).count(),
                (int) goal.newPods(pods).filter(PodView::ready).count(),
                goal.until(),
                Math.min(goal.beside(), deployment.replicas()),
                goal.old());
    }

    /** Whether the rollout has come to what it is to come to. */
    public boolean complete() {
        boolean replaced = observed && updated == wanted && present == wanted && available == wanted;
        return switch (until) {
            case READY_BESIDE -> observed && newReady >= updated && updated >= beside;
            case JOINED -> observed && newReady >= beside && left() <= old && terminating == 0;
            case AVAILABLE -> replaced;
            case OLD_PODS_GONE -> replaced && terminating == 0;
        };
    }

    /** The old pods that are not on their way out. */
    private int left() {
        return present - updated;
    }

    /** What is being waited for, for people. */
    public String describe() {
        if (!observed) {
            return "waiting for the Deployment controller to see the change";
        }
        if (complete()) {
            String ready = newReady + (newReady == 1 ? " new pod is" : " new pods are") + " ready beside ";
            return switch (until) {
                case READY_BESIDE -> ready + "the old";
                case JOINED -> ready + left() + " old";
                case AVAILABLE, OLD_PODS_GONE ->
                    wanted + " of " + wanted + " pods are new and available"
                            + (terminating > 0 ? ", " + terminating + " still terminating" : "");
            };
        }
        StringBuilder text = new StringBuilder();
        text.append(updated).append(" of ").append(wanted).append(" pods are new, ");
        text.append(ready).append(" ready, ").append(available).append(" available");
        if (left() > 0) {
            text.append(", ").append(left()).append(" old");
        }
        if (terminating > 0) {
            text.append(", ").append(terminating).append(" terminating");
        }
        return text.toString();
    }
}
