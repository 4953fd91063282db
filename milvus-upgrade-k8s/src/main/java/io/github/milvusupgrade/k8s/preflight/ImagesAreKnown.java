package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.view.NodeView;
import io.github.milvusupgrade.version.ImageReference;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Every image that the plan brings is on some node already, so it exists. The API server knows no registry, and Secrets
 * with their credentials are not read: whether another image exists shows when the first kubelet asks for it.
 */
record ImagesAreKnown(LiveCluster live, PlannedWrites writes) implements Check {

    private static final String HUB = "docker.io/";

    @Override
    public String id() {
        return "P16";
    }

    @Override
    public String title() {
        return "every image of the plan is known to exist";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Set<String> images = writes.images();
        Set<String> there = live.nodes().orElse(List.of()).stream()
                .map(NodeView::images)
                .flatMap(List::stream)
                .collect(Collectors.toSet());
        Set<String> unseen = images.stream()
                .filter(image -> !there.contains(image) && !there.contains(full(image)))
                .collect(Collectors.toCollection(TreeSet::new));
        if (unseen.isEmpty()) {
            return Finding.pass(id(), "On some node already: " + String.join(", ", images) + ".");
        }
        Set<String> secrets = pullSecrets(snapshot);
        return Finding.warn(
                id(),
                "Whether " + String.join(", ", unseen) + " exists cannot be seen from the API server"
                        + (live.nodes().isEmpty()
                                ? ", and nodes may not be read by this account"
                                : ": it is on none of its nodes")
                        + ".",
                "If it does not, the first rollout says so as soon as a kubelet has asked, and the old pods keep"
                        + " running. Check the tag and"
                        + (secrets.isEmpty()
                                ? " that no pull secret is needed."
                                : " the pull secret " + String.join(", ", secrets) + "."));
    }

    private Set<String> pullSecrets(ClusterSnapshot snapshot) {
        Set<String> secrets = new TreeSet<>();
        live.deployments(snapshot)
                .forEach(deployment -> deployment
                        .podSpec()
                        .path("imagePullSecrets")
                        .forEach(secret -> secrets.add(secret.path("name").asText())));
        return secrets;
    }

    /** As container runtimes write an image that names no registry: {@code docker.io/milvusdb/milvus:v2.2.16}. */
    private static String full(String image) {
        ImageReference reference = ImageReference.parse(image);
        if (reference.registry().isPresent()) {
            return image;
        }
        return HUB + (reference.repository().contains("/") ? "" : "library/") + image;
    }
}
