package io.github.milvusupgrade.cluster;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.Optional;

/**
 * One Deployment (or other controller of pods) that runs a component of Milvus. A component may have several, for
 * instance one for each resource group of query nodes.
 *
 * @param name the name of the Kubernetes object
 * @param component the part of Milvus it runs
 * @param container the name of the container that runs Milvus; others in the pod are none of our business
 * @param image the image of that container, as the object says
 * @param replicas the pods that are wanted
 */
public record Workload(String name, Component component, String container, String image, int replicas) {

    /** The Milvus version that the image names, if it names one. */
    public Optional<MilvusVersion> version() {
        return ImageReference.parse(image).version();
    }
}
