package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.util.List;
import java.util.Optional;

/** The Deployments at one moment, and the pods at that moment or later. For one thread. */
final class Glance {

    private final LiveInstance.Looking looking;
    private List<DeploymentView> deployments;
    private boolean askedForPods;

    Glance(LiveInstance.Looking looking, StepContext context) {
        this.looking = looking;
        this.deployments = looking.deployments(context);
    }

    Optional<DeploymentView> deployment(String name) {
        return deployments.stream()
                .filter(deployment -> deployment.name().equals(name))
                .findFirst();
    }

    /** The same, asked for where it is not heard of: it may have been created a moment ago. */
    Optional<DeploymentView> newDeployment(String name, StepContext context) {
        if (deployment(name).isEmpty()) {
            looking.askForDeployments(context);
            deployments = looking.deployments(context);
            askedForPods = false;
        }
        return deployment(name);
    }

    List<PodView> podsOf(String deployment, StepContext context) {
        return looking.pods(context).stream()
                .filter(pod -> pod.isOfDeployment(deployment))
                .toList();
    }

    /** Make sure that no pod is older than the Deployments; it is asked for once, whoever wants to know. */
    void askForPods(StepContext context) {
        if (!askedForPods) {
            looking.askForPods(context);
            askedForPods = true;
        }
    }
}
