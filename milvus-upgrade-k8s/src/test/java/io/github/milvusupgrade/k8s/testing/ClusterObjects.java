package io.github.milvusupgrade.k8s.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a test finds things in Deployments, ReplicaSets and pods of a Milvus. */
public final class ClusterObjects {

    private static final Pattern NOT_SET_BY_PEOPLE = Pattern.compile("/status/.*"
            + "|/metadata/(resourceVersion|generation|managedFields/.*)"
            + "|/metadata/annotations/(milvusupgrade\\.github\\.io/(run|fence)|deployment\\.kubernetes\\.io/revision)");

    private ClusterObjects() {}

    public static String component(JsonNode object) {
        return object.at("/metadata/labels/component").asText();
    }

    public static long revision(JsonNode object) {
        return object.at("/metadata/resourceVersion").asLong();
    }

    /** The container called like the component, of a pod or of a pod template. */
    public static JsonNode milvusContainer(JsonNode object) {
        for (JsonNode container : containers(object)) {
            if (container.path("name").asText().equals(component(object))) {
                return container;
            }
        }
        throw new AssertionError("no Milvus container in " + object);
    }

    /** Where the image of the Milvus container stands in a Deployment. */
    public static String imagePlace(JsonNode deployment) {
        JsonNode containers = containers(deployment);
        for (int i = 0; i < containers.size(); i++) {
            if (containers.get(i) == milvusContainer(deployment)) {
                return "/spec/template/spec/containers/" + i + "/image";
            }
        }
        throw new AssertionError("no Milvus container in " + deployment);
    }

    private static JsonNode containers(JsonNode object) {
        JsonNode template = object.at("/spec/template/spec");
        return (template.isMissingNode() ? object.path("spec") : template).path("containers");
    }

    public static String milvusImage(JsonNode object) {
        return milvusContainer(object).path("image").asText();
    }

    /** Whether all pods that a Deployment wants are new and available, and there are no others. */
    public static boolean isSettled(JsonNode deployment) {
        int wanted = deployment.at("/spec/replicas").asInt();
        JsonNode status = deployment.path("status");
        return status.path("observedGeneration").asLong()
                        >= deployment.at("/metadata/generation").asLong()
                && Stream.of("replicas", "updatedReplicas", "availableReplicas")
                        .allMatch(field -> status.path(field).asInt() == wanted);
    }

    /**
     * Every field that a person would set, by its place. Left out are the status, what each write changes by itself,
     * what a run signs with, and zeros and empty texts, which Kubernetes does not write down.
     */
    public static Map<String, String> fields(JsonNode deployment) {
        Map<String, String> fields = new TreeMap<>();
        collect(deployment, "", fields);
        fields.keySet().removeIf(place -> NOT_SET_BY_PEOPLE.matcher(place).matches());
        fields.values().removeIf(value -> value.equals("0") || value.isEmpty());
        return fields;
    }

    private static void collect(JsonNode node, String place, Map<String, String> fields) {
        if (node.isValueNode()) {
            fields.put(place, node.asText());
        }
        node.properties().forEach(entry -> collect(entry.getValue(), place + "/" + entry.getKey(), fields));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), place + "/" + i, fields);
        }
    }
}
