package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a rollout is to arrive at.
 *
 * @param namespace where the Deployment lives
 * @param deployment its name
 * @param uid its identity: one that was deleted and created anew is not the same
 * @param generation the generation that our change produced; a status about an older one says nothing
 * @param container the container that runs Milvus
 * @param image the image that it shall run
 * @param restart the {@link RestartMark} of its new pods
 * @param until what it is to come to
 * @param beside how many new pods that are, if they are to be ready beside the old ones
 * @param old how many old pods may be left, if some are to be
 * @param calm how long they must stay so
 * @param fromNowOn whether crashes of new pods count only from when they are watched: on the way back these are pods
 *     whose processes were asked to end, and Kubernetes may wait before it starts one again
 */
public record RolloutGoal(
        String namespace,
        String deployment,
        String uid,
        long generation,
        String container,
        String image,
        Optional<String> restart,
        Until until,
        int beside,
        int old,
        Duration calm,
        boolean fromNowOn) {

    /** What a rollout is to come to. */
    public enum Until {
        /** New pods are ready beside the old ones, which stay. */
        READY_BESIDE,
        /**
         * So many new pods are ready, and no more than so many old ones are left, none of them on its way out. If there
         * is no room for so many, one that is ready will do.
         */
        JOINED,
        /** Every wanted pod is new and available; old ones may still be on their way out. */
        AVAILABLE,
        /** Every wanted pod is new and available, and no old one is left. */
        OLD_PODS_GONE
    }

    /** The goal of a Deployment in the state in which the change that started its rollout left it. */
    public static RolloutGoal of(DeploymentView changed, String container, String image, Until until) {
        return of(changed, container, image, until, 0, 0, Duration.ZERO);
    }

    /** The goal of new pods that are to be ready beside the old ones. */
    public static RolloutGoal beside(DeploymentView changed, String container, String image, int pods, Duration calm) {
        return of(changed, container, image, Until.READY_BESIDE, pods, 0, calm);
    }

    /** The goal of new pods that join the old ones, of which some may have to go then. */
    public static RolloutGoal joined(DeploymentView changed, String container, String image, int pods, int old) {
        return of(changed, container, image, Until.JOINED, pods, old, Duration.ZERO);
    }

    private static RolloutGoal of(
            DeploymentView changed, String container, String image, Until until, int beside, int old, Duration calm) {
        return new RolloutGoal(
                changed.namespace(),
                changed.name(),
                changed.uid(),
                changed.generation(),
                container,
                image,
                RestartMark.of(changed),
                until,
                beside,
                old,
                calm,
                false);
    }

    /** The same, with crashes that count only from when it is watched. */
    public RolloutGoal countingFromNowOn() {
        return new RolloutGoal(
                namespace, deployment, uid, generation, container, image, restart, until, beside, old, calm, true);
    }

    /** The pods that run what is wanted: the others are on their way out, whatever ails them. */
    Stream<PodView> newPods(Collection<PodView> pods) {
        return pods.stream()
                .filter(pod -> !pod.deleting())
                .filter(pod -> !pod.ended())
                .filter(pod -> pod.runs(container, image))
                .filter(pod -> RestartMark.of(pod).equals(restart));
    }

    @Override
    public String toString() {
        return deployment + " on " + image;
    }
}
