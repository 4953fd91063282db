package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.k8s.view.DeploymentView;

/**
 * What a rollout is to arrive at.
 *
 * @param namespace where the Deployment lives
 * @param deployment its name
 * @param uid its identity: one that was deleted and created anew is not the same
 * @param selector the label selector of its pods
 * @param generation the generation that our change produced; a status about an older one says nothing
 * @param container the container that runs Milvus
 * @param image the image that it shall run
 * @param withoutOldPods whether the old pods must be gone, and not only be on their way out
 */
public record RolloutGoal(
        String namespace,
        String deployment,
        String uid,
        String selector,
        long generation,
        String container,
        String image,
        boolean withoutOldPods) {

    /** The goal of a Deployment in the state in which the change that started its rollout left it. */
    public static RolloutGoal of(DeploymentView changed, String container, String image, boolean withoutOldPods) {
        return new RolloutGoal(
                changed.namespace(),
                changed.name(),
                changed.uid(),
                changed.selector(),
                changed.generation(),
                container,
                image,
                withoutOldPods);
    }

    @Override
    public String toString() {
        return deployment + " on " + image;
    }
}
