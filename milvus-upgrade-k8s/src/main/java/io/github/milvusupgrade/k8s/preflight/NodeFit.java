package io.github.milvusupgrade.k8s.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.milvusupgrade.k8s.view.LabelSelector;
import io.github.milvusupgrade.k8s.view.NodeView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a node takes one more pod of a Deployment, by those rules of the scheduler that most often say no: closed
 * nodes, taints, node selector and affinity, anti-affinity among the pods of the namespace, and resources.
 *
 * @param node the node
 * @param nodes all nodes, to find those of the same zone
 * @param pods the pods of the namespace
 */
record NodeFit(NodeView node, List<NodeView> nodes, List<PodView> pods) {

    private static final Set<String> REPELLING = Set.of("NoSchedule", "NoExecute");

    /** What keeps the pod away, in words that follow a number of nodes; empty if nothing is seen. */
    Optional<String> obstacle(PodNeeds needs) {
        if (!node.ready() || node.cordoned()) {
            return Optional.of("not ready or cordoned");
        }
        if (node.taints().stream().anyMatch(taint -> repels(taint, needs.spec().path("tolerations")))) {
            return Optional.of("tainted");
        }
        if (!LabelSelector.matches(selectorOf(needs.spec()), node.labels()) || !isAttractive(needs.spec())) {
            return Optional.of("excluded by node selector or affinity");
        }
        if (isRepelledByPods(needs.spec())) {
            return Optional.of("excluded by pod anti-affinity");
        }
        return needs.requests().entrySet().stream()
                .filter(need -> need.getValue().compareTo(free(need.getKey())) > 0)
                .map(need -> "too small or too full for " + need.getKey() + " " + need.getValue())
                .findFirst();
    }

    private static boolean repels(JsonNode taint, JsonNode tolerations) {
        if (!REPELLING.contains(taint.path("effect").asText())) {
            return false;
        }
        for (JsonNode toleration : tolerations) {
            boolean anyKey = toleration.path("key").asText("").isEmpty();
            boolean sameKey = toleration.path("key").equals(taint.path("key"));
            boolean exists = toleration.path("operator").asText("Equal").equals("Exists");
            boolean sameValue = toleration
                    .path("value")
                    .asText("")
                    .equals(taint.path("value").asText(""));
            boolean sameEffect = toleration.path("effect").asText("").isEmpty()
                    || toleration.path("effect").equals(taint.path("effect"));
            if (sameEffect && ((anyKey && exists) || (sameKey && (exists || sameValue)))) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode selectorOf(JsonNode spec) {
        return JsonNodeFactory.instance.objectNode().set("matchLabels", spec.path("nodeSelector"));
    }

    /** One of the required terms must be met as a whole. */
    private boolean isAttractive(JsonNode spec) {
        JsonNode terms =
                spec.at("/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms");
        if (!terms.isArray()) {
            return true;
        }
        for (JsonNode term : terms) {
            boolean met = true;
            for (JsonNode expression : term.path("matchExpressions")) {
                met &= LabelSelector.matchesExpression(expression, node.labels());
            }
            if (met) {
                return true;
            }
        }
        return false;
    }

    private boolean isRepelledByPods(JsonNode spec) {
        for (JsonNode term : spec.at("/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution")) {
            String topology = term.path("topologyKey").asText();
            String here = node.labels().get(topology);
            if (here != null
                    && pods.stream()
                            .filter(pod -> LabelSelector.matches(term.path("labelSelector"), pod.labels()))
                            .anyMatch(pod -> here.equals(labelsOfNode(pod).get(topology)))) {
                return true;
            }
        }
        return false;
    }

    private Map<String, String> labelsOfNode(PodView pod) {
        return nodes.stream()
                .filter(candidate -> candidate.name().equals(pod.node()))
                .map(NodeView::labels)
                .findFirst()
                .orElse(Map.of());
    }

    private Quantity free(String resource) {
        Quantity used = pods.stream()
                .filter(pod -> pod.node().equals(node.name()) && !pod.ended())
                .map(pod -> PodNeeds.of(pod.raw().path("spec")).request(resource))
                .reduce(Quantity.ZERO, Quantity::plus);
        return Optional.ofNullable(node.allocatable().get(resource))
                .flatMap(Quantity::parse)
                .orElse(Quantity.ZERO)
                .minus(used);
    }
}
