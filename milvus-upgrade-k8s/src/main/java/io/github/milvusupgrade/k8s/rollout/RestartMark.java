package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.Optional;

/**
 * The annotation of a pod template by which pods of the same image are new ones, as {@code kubectl rollout restart} has
 * it; pods have it from their template.
 */
public final class RestartMark {

    public static final String NAME = "milvusupgrade.github.io/restart";

    private RestartMark() {}

    /** That of the pods that a Deployment makes now. */
    public static Optional<String> of(DeploymentView deployment) {
        return Optional.ofNullable(deployment.podAnnotations().get(NAME));
    }

    public static Optional<String> of(PodView pod) {
        return Optional.ofNullable(pod.annotations().get(NAME));
    }
}
