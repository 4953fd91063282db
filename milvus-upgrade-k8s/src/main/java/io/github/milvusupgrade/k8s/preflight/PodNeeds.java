package io.github.milvusupgrade.k8s.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one more pod of a Deployment takes: the larger one of what its containers take together and of what the
 * greediest init container takes, plus the overhead of its runtime class; as the scheduler and quotas count it
 * (kubernetes/kubernetes:staging/src/k8s.io/component-helpers/resource/helpers.go).
 *
 * @param spec the pod's {@code spec}
 * @param requests what it asks for, by resource
 * @param limits what it may use at most, by resource
 */
record PodNeeds(JsonNode spec, Map<String, Quantity> requests, Map<String, Quantity> limits) {

    /**
     * The needs of a Deployment's next pod. A living pod tells them better than the template, because what a LimitRange
     * or a webhook adds is in it.
     */
    static PodNeeds of(DeploymentView deployment, List<PodView> pods) {
        Optional<JsonNode> living = pods.stream()
                .filter(pod -> !pod.deleting())
                .findFirst()
                .map(pod -> pod.raw().path("spec"));
        return of(living.orElseGet(deployment::podSpec));
    }

    static PodNeeds of(JsonNode spec) {
        return new PodNeeds(spec, total(spec, "requests"), total(spec, "limits"));
    }

    /** A pod of a Deployment with these needs, as it would be on a node. */
    PodView placed(DeploymentView deployment, String node) {
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.putObject("metadata").set("labels", deployment.raw().at("/spec/template/metadata/labels"));
        ObjectNode there = spec.deepCopy();
        pod.set("spec", there.put("nodeName", node));
        return new PodView(pod);
    }

    Quantity request(String resource) {
        return requests.getOrDefault(resource, Quantity.ZERO);
    }

    Quantity limit(String resource) {
        return limits.getOrDefault(resource, Quantity.ZERO);
    }

    /** Whether no container asks for, or is limited to, any CPU or memory: the first to go when a node is short. */
    boolean isBestEffort() {
        return List.of("cpu", "memory").stream()
                .allMatch(resource -> request(resource).equals(Quantity.ZERO)
                        && limit(resource).equals(Quantity.ZERO));
    }

    private static Map<String, Quantity> total(JsonNode spec, String section) {
        Map<String, Quantity> sum = new TreeMap<>();
        for (JsonNode container : spec.path("containers")) {
            of(container, section).forEach((resource, amount) -> sum.merge(resource, amount, Quantity::plus));
        }
        // A sidecar is an init container that stays: it counts for all that start after it.
        Map<String, Quantity> sidecars = new TreeMap<>();
        Map<String, Quantity> starting = new TreeMap<>();
        for (JsonNode container : spec.path("initContainers")) {
            Map<String, Quantity> needs = of(container, section);
            if (container.path("restartPolicy").asText().equals("Always")) {
                needs.forEach((resource, amount) -> sidecars.merge(resource, amount, Quantity::plus));
                sidecars.forEach((resource, amount) -> starting.merge(resource, amount, Quantity::max));
            } else {
                needs.forEach((resource, amount) -> starting.merge(
                        resource, amount.plus(sidecars.getOrDefault(resource, Quantity.ZERO)), Quantity::max));
            }
        }
        sidecars.forEach((resource, amount) -> sum.merge(resource, amount, Quantity::plus));
        starting.forEach((resource, amount) -> sum.merge(resource, amount, Quantity::max));
        quantities(spec.path("overhead"))
                .forEach((resource, amount) -> sum.computeIfPresent(resource, (r, total) -> total.plus(amount)));
        return sum;
    }

    /** Where only a limit is given, the API server takes it for the request too. */
    private static Map<String, Quantity> of(JsonNode container, String section) {
        JsonNode resources = container.path("resources");
        Map<String, Quantity> needs = new TreeMap<>();
        if (section.equals("requests")) {
            needs.putAll(quantities(resources.path("limits")));
        }
        needs.putAll(quantities(resources.path(section)));
        return needs;
    }

    private static Map<String, Quantity> quantities(JsonNode map) {
        Map<String, Quantity> quantities = new TreeMap<>();
        map.properties()
                .forEach(entry -> Quantity.parse(entry.getValue().asText())
                        .ifPresent(quantity -> quantities.put(entry.getKey(), quantity)));
        return quantities;
    }
}
