package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Makes pods from the template of the workload that controls them. */
final class PodTemplate {

    private PodTemplate() {}

    /** A pod with a generated name. */
    static ObjectNode newPod(JsonNode owner, ObjectVerbs objects) {
        ObjectNode metadata = metadata(owner);
        metadata.put("generateName", owner.path("metadata").path("name").asText() + "-");
        return create(owner, metadata, objects);
    }

    /** A pod of this name with one more label, as StatefulSets make them. */
    static ObjectNode newPod(JsonNode owner, String name, String label, String value, ObjectVerbs objects) {
        ObjectNode metadata = metadata(owner).put("name", name);
        metadata.set("labels", Json.copy(metadata.path("labels")).put(label, value));
        return create(owner, metadata, objects);
    }

    private static ObjectNode metadata(JsonNode owner) {
        ObjectNode metadata = Json.copy(owner.path("spec").path("template").path("metadata"));
        metadata.set("ownerReferences", Json.array(Owners.reference(owner)));
        return metadata;
    }

    private static ObjectNode create(JsonNode owner, ObjectNode metadata, ObjectVerbs objects) {
        String namespace = owner.path("metadata").path("namespace").asText();
        ObjectNode pod = Json.object("metadata", metadata);
        pod.set("spec", owner.path("spec").path("template").path("spec"));
        return objects.create(ResourceType.PODS, namespace, pod, false);
    }
}
