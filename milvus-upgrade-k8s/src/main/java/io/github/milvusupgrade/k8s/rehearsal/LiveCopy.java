package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads an instance from a live cluster, and takes away what only the live cluster's own API server may write. */
final class LiveCopy {

    private static final List<ResourceType> LABELLED =
            List.of(ResourceType.CLAIMS, ResourceType.SERVICES, ResourceType.STATEFUL_SETS, ResourceType.DEPLOYMENTS);
    private static final List<String> OF_THE_SERVER = List.of(
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields",
            "ownerReferences",
            "finalizers",
            "selfLink");

    private final LiveApi live;
    private final String namespace;
    private final String instance;

    LiveCopy(LiveApi live, String namespace, String instance) {
        this.live = live;
        this.namespace = namespace;
        this.instance = instance;
    }

    /** The objects, ConfigMaps and claims before the workloads that use them. */
    List<ObjectNode> objects() {
        List<ObjectNode> labelled = LABELLED.stream()
                .flatMap(type -> list(type, "app.kubernetes.io/instance=" + instance).stream())
                .toList();
        Set<String> workloads = labelled.stream()
                .filter(object -> object.path("kind").asText().equals("Deployment"))
                .map(object -> object.path("metadata").path("name").asText())
                .collect(Collectors.toSet());
        Set<String> configMaps =
                labelled.stream().flatMap(LiveCopy::configMapsOf).collect(Collectors.toSet());
        List<ObjectNode> all = new ArrayList<>();
        list(ResourceType.CONFIG_MAPS, "").stream()
                .filter(config ->
                        configMaps.contains(config.path("metadata").path("name").asText()))
                .forEach(all::add);
        all.addAll(labelled);
        list(ResourceType.AUTOSCALERS, "").stream()
                .filter(scaler -> workloads.contains(
                        scaler.path("spec").path("scaleTargetRef").path("name").asText()))
                .forEach(all::add);
        return all;
    }

    private List<ObjectNode> list(ResourceType type, String selector) {
        List<ObjectNode> found = new ArrayList<>();
        for (JsonNode item : live.list(type, namespace, selector).path("items")) {
            found.add(stripped(type, item));
        }
        return found;
    }

    private static Stream<String> configMapsOf(JsonNode workload) {
        JsonNode pod = workload.path("spec").path("template").path("spec");
        Stream<String> mounted = Json.stream(pod.path("volumes"))
                .map(volume -> volume.path("configMap").path("name").asText());
        Stream<String> fromEnvironment = Json.stream(pod.path("containers"))
                .flatMap(container -> Stream.concat(
                        Json.stream(container.path("envFrom"))
                                .map(source ->
                                        source.path("configMapRef").path("name").asText()),
                        Json.stream(container.path("env"))
                                .map(variable -> variable.path("valueFrom")
                                        .path("configMapKeyRef")
                                        .path("name")
                                        .asText())));
        return Stream.concat(mounted, fromEnvironment);
    }

    private static ObjectNode stripped(ResourceType type, JsonNode item) {
        ObjectNode object = item.deepCopy();
        object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
        object.remove("status");
        Json.child(object, "metadata").remove(OF_THE_SERVER);
        if (object.path("spec") instanceof ObjectNode spec) {
            spec.remove(List.of("clusterIP", "clusterIPs", "volumeName"));
            if (type == ResourceType.CLAIMS) {
                // What the live cluster calls its storage means nothing here.
                spec.remove("storageClassName");
            }
        }
        return object;
    }
}
