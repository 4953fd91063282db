package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.view.DeploymentView;

/**
 * A Deployment on its way to its target.
 *
 * @param target the target
 * @param deployment the Deployment as the last write or look left it
 * @param changed whether this run has changed it
 */
record Rolling(RollTarget target, DeploymentView deployment, boolean changed) {

    Rolling now(DeploymentView seen) {
        return new Rolling(target, seen, changed);
    }
}
