package io.github.milvusupgrade.k8s.release;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A value that names the image of one component. The official templates read {@code image.all} alone; in a chart that
 * was changed to read this one too, the component would keep its old image.
 *
 * @param path where it stands, such as {@code queryNode.image.tag}
 * @param value what it says
 */
public record ImageOverride(String path, String value) {

    /** The sections of the chart that are about a component (zilliztech/milvus-helm:charts/milvus/values.yaml). */
    private static final List<String> COMPONENTS = List.of(
            "standalone",
            "rootCoordinator",
            "queryCoordinator",
            "indexCoordinator",
            "dataCoordinator",
            "mixCoordinator",
            "proxy",
            "queryNode",
            "indexNode",
            "dataNode",
            "streamingNode",
            "cdc");

    /** Those that do not say the same as the tag for all. */
    static List<ImageOverride> in(JsonNode values, String imageTag) {
        List<ImageOverride> overrides = new ArrayList<>();
        for (String component : COMPONENTS) {
            JsonNode image = values.path(component).path("image");
            String path = component + ".image";
            if (image.isTextual() && !image.asText().endsWith(":" + imageTag)) {
                overrides.add(new ImageOverride(path, image.asText()));
            }
            for (String part : List.of("tag", "digest")) {
                String text = image.path(part).isNull() ? "" : image.path(part).asText("");
                if (!text.isEmpty() && !text.equals(imageTag)) {
                    overrides.add(new ImageOverride(path + "." + part, text));
                }
            }
        }
        return List.copyOf(overrides);
    }

    /** For people: {@code queryNode.image.tag v2.2.4}. */
    @Override
    public String toString() {
        return path + " " + value;
    }
}
