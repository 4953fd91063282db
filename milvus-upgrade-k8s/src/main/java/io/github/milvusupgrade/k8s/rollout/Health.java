package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.k8s.view.DeploymentView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Whether Deployments have all the pods that are wanted, available. A pure function. */
public final class Health {

    private Health() {}

    /** What is wrong with the named Deployments, one line each; nothing if all are well. */
    public static List<String> problems(Map<String, DeploymentView> deployments, Set<String> names) {
        List<String> problems = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            DeploymentView deployment = deployments.get(name);
            if (deployment == null) {
                problems.add(name + " is gone");
            } else if (deployment.availableReplicas() < deployment.replicas()) {
                problems.add(name + " has " + deployment.availableReplicas() + " of " + deployment.replicas()
                        + " pods available");
            }
        }
        return problems;
    }
}
