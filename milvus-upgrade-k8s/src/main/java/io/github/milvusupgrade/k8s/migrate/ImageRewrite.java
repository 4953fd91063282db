package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.version.ImageReference;

/**
 * One rule for where images come from, for clusters that reach a mirror only. {@code harbor.example/hub} makes
 * {@code harbor.example/hub/milvusdb/meta-migration:v2.2.0} of {@code milvusdb/meta-migration:v2.2.0}.
 *
 * @param prefix registry, and path if there is one, that takes the place of the image's own registry
 */
public record ImageRewrite(String prefix) {

    /** Take a prefix, without a slash at its end. */
    public ImageRewrite {
        if (prefix.isBlank() || prefix.endsWith("/") || prefix.contains("://")) {
            throw new IllegalArgumentException("\"" + prefix
                    + "\" is no registry with an optional path, such as harbor.example/hub; it has no scheme and no"
                    + " slash at its end.");
        }
    }

    String of(String image) {
        ImageReference reference = ImageReference.parse(image);
        String registry = reference.registry().map(host -> host + "/").orElse("");
        return prefix + "/" + image.substring(registry.length());
    }
}
