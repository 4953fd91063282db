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

    /**
     * Whether it runs an image, wherever that comes from: a webhook may have rewritten the registry or pinned a digest.
     */
    public boolean runs(String wanted) {
        String mine = withoutRegistry(image);
        String theirs = withoutRegistry(wanted);
        return mine.equals(theirs) || mine.startsWith(theirs + "@");
    }

    private static String withoutRegistry(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }
}
