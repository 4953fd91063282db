package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.k8s.helm.Manifest;
import io.github.milvusupgrade.k8s.release.HelmRelease;
import io.github.milvusupgrade.k8s.rolling.TargetImages;
import java.util.Map;
import java.util.TreeMap;

/**
 * The images that a release says it runs, by Deployment and container. Immutable.
 *
 * @param byContainer the images, by {@code deployment/container}
 */
record DeployedImages(Map<String, String> byContainer) implements TargetImages {

    static DeployedImages of(HelmRelease release) {
        Map<String, String> images = new TreeMap<>();
        Manifest.objects(release.manifest(), release.namespace()).stream()
                .filter(object -> object.kind().equals("Deployment"))
                .forEach(deployment -> {
                    for (JsonNode container : deployment.json().at("/spec/template/spec/containers")) {
                        images.put(
                                deployment.name() + "/" + container.path("name").asText(),
                                container.path("image").asText());
                    }
                });
        return new DeployedImages(images);
    }

    /** The image of a workload; a text that is no image if the release does not have it. */
    @Override
    public String of(Workload workload) {
        return byContainer.getOrDefault(workload.name() + "/" + workload.container(), "(not in the release)");
    }
}
