package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A container as a pod template asks for it.
 *
 * @param name its name in the pod, by which patches find it
 * @param image the image as written there, not resolved
 */
public record ContainerSpec(String name, String image) {

    static ContainerSpec of(JsonNode node) {
        return new ContainerSpec(Fields.text(node, "name"), Fields.text(node, "image"));
    }
}
