package io.github.milvusupgrade.k8s.preflight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.view.ObjectView;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The server still serves the API versions in which the objects of the instance were written last. The upgrade itself
 * does not need them; whoever applies the old manifests afterwards does, and so does {@code helm rollback}.
 */
record AppliedApisAreServed(LiveCluster live) implements Check {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    @Override
    public String id() {
        return "P30";
    }

    @Override
    public String title() {
        return "the API versions of the instance's manifests are still served";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Set<String> served = live.servedApis();
        Set<String> removed = new TreeSet<>();
        live.deployments(snapshot).forEach(object -> removed.addAll(unserved("Deployment", object, served)));
        live.autoscalersOf(snapshot)
                .forEach(object -> removed.addAll(unserved("HorizontalPodAutoscaler", object, served)));
        live.budgetsOf(snapshot).forEach(object -> removed.addAll(unserved("PodDisruptionBudget", object, served)));
        return removed.isEmpty()
                ? Finding.pass(id(), "The server serves every API version in which these objects were written.")
                : Finding.warn(
                        id(),
                        "Written in an API version that this server does not serve any more: "
                                + String.join("; ", removed) + ".",
                        "The upgrade is not affected. Before the next kubectl apply, helm upgrade or helm rollback,"
                                + " bring the manifests or the chart to a served version.");
    }

    private static List<String> unserved(String kind, ObjectView object, Set<String> served) {
        return Stream.concat(
                        Stream.of(lastApplied(object).path("apiVersion")),
                        object.managedFields().stream().map(entry -> entry.path("apiVersion")))
                .map(JsonNode::asText)
                .filter(version -> !version.isEmpty() && !served.contains(version))
                .map(version -> kind + " " + object.name() + " in " + version)
                .distinct()
                .toList();
    }

    /** Somebody may have cut or rewritten the annotation: then it tells nothing. */
    private static JsonNode lastApplied(ObjectView object) {
        try {
            return JSON.readTree(object.annotations().getOrDefault(LAST_APPLIED, "{}"));
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }
}
