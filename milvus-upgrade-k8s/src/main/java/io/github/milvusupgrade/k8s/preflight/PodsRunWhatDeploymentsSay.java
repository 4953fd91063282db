package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.k8s.view.ContainerState;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.plan.UpgradePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All components run the version that the path starts from, and each pod runs what its Deployment says. Labels are not
 * believed: several charts set the version label wrongly.
 */
record PodsRunWhatDeploymentsSay(LiveCluster live, UpgradePlan plan) implements Check {

    @Override
    public String id() {
        return "P05";
    }

    @Override
    public String title() {
        return "all components and all their pods run one version";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Map<String, List<String>> others = new LinkedHashMap<>(snapshot.versions());
        others.remove(plan.path().from().toString());
        others.remove(ClusterSnapshot.UNKNOWN_VERSION);
        if (!others.isEmpty()) {
            return Finding.fail(
                    id(),
                    "The path starts from " + plan.path().from() + ", but " + snapshot.id() + " runs "
                            + snapshot.versions() + ".",
                    "Bring all components to one version first: resume or roll back the run that was interrupted, or"
                            + " make a new plan.");
        }
        List<String> strays = new ArrayList<>();
        Map<String, Set<String>> contents = new TreeMap<>();
        int right = 0;
        for (Workload workload : snapshot.workloads()) {
            Optional<DeploymentView> deployment = live.deployment(workload);
            for (PodView pod : deployment.map(live::podsOf).orElse(List.of())) {
                Optional<String> stray = stray(pod, workload);
                stray.ifPresent(strays::add);
                right += stray.isEmpty() ? 1 : 0;
                contentOf(pod, workload)
                        .ifPresent(content -> contents.computeIfAbsent(workload.image(), image -> new TreeSet<>())
                                .add(content));
            }
        }
        if (!strays.isEmpty()) {
            return Finding.fail(
                    id(),
                    "Not every pod runs what its Deployment says: " + String.join("; ", strays) + ".",
                    "Wait for the rollout that is going on, or delete pods that nobody replaces.");
        }
        List<String> ambiguous = contents.entrySet().stream()
                .filter(image -> image.getValue().size() > 1)
                .map(image -> image.getKey() + " is " + image.getValue())
                .toList();
        return ambiguous.isEmpty()
                ? Finding.pass(
                        id(),
                        right + " pods of " + snapshot.workloads().size() + " Deployments run "
                                + plan.path().from() + ".")
                : Finding.warn(
                        id(),
                        "One tag stands for different images: " + String.join("; ", ambiguous) + ".",
                        "Somebody pushed the tag again, or registries differ. Going back by tag may bring another"
                                + " image than the one that runs; note the digests.");
    }

    private static Optional<String> stray(PodView pod, Workload workload) {
        return pod.containers().stream()
                .filter(container -> container.name().equals(workload.container()))
                .filter(container -> !container.runs(workload.image()))
                .findFirst()
                .map(container -> "pod " + pod.name() + " runs " + container.image() + ", Deployment " + workload.name()
                        + " says " + workload.image());
    }

    /** The digest of what a pod really runs. */
    private static Optional<String> contentOf(PodView pod, Workload workload) {
        return pod.containerStates().stream()
                .filter(state -> !state.init() && state.name().equals(workload.container()))
                .map(ContainerState::imageId)
                .filter(image -> image.contains("sha256:"))
                .map(image -> image.substring(image.indexOf("sha256:")))
                .findFirst();
    }
}
