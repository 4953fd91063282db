package io.github.milvusupgrade.k8s.rolling;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Patch;
import java.util.ArrayList;
import java.util.List;

/**
 * A patch that a step is going to send.
 *
 * @param object what it changes
 * @param patch the change, conditional on the state in which the object was seen
 */
public record PlannedPatch(ObjectRef object, Patch patch) {

    /** The images that it puts into a pod template; none if it is not about one. */
    public List<String> images() {
        List<String> images = new ArrayList<>();
        for (JsonNode container : patch.body().at("/spec/template/spec/containers")) {
            images.add(container.path("image").asText());
        }
        return images;
    }
}
