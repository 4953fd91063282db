package io.github.milvusupgrade.k8s.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.view.QuotaView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What some more pods demand of one quota, counted as Kubernetes counts it
 * (kubernetes/kubernetes:pkg/quota/v1/evaluator/core/pods.go).
 *
 * @param quota the quota
 * @param pods the pods that it is about
 */
record QuotaDemand(QuotaView quota, List<PodNeeds> pods) {

    private static final Set<String> PODS = Set.of("pods", "count/pods");
    private static final Set<String> SHORT_FORMS = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> TO_BE_STATED =
            Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

    /** The demand of those pods that the quota is about. */
    static QuotaDemand of(QuotaView quota, List<PodNeeds> pods) {
        return new QuotaDemand(
                quota, pods.stream().filter(needs -> applies(quota, needs)).toList());
    }

    /** Each resource of which there is not enough, with its numbers. */
    List<String> shortages() {
        List<String> shortages = new ArrayList<>();
        if (pods.isEmpty()) {
            return shortages;
        }
        String verb = pods.size() == 1 ? "takes " : "take ";
        quota.hard().forEach((resource, hard) -> {
            if (TO_BE_STATED.contains(resource) && !pods.stream().allMatch(needs -> isStated(needs, resource))) {
                shortages.add((pods.size() == 1 ? "does" : "do") + " not state " + resource + ", as quota "
                        + quota.name() + " demands of every container unless a LimitRange does");
                return;
            }
            Optional<Quantity> limit = Quantity.parse(hard);
            Optional<Quantity> used = used(resource);
            Quantity demand = demand(resource);
            if (limit.isPresent()
                    && used.isPresent()
                    && demand.compareTo(limit.get().minus(used.get())) > 0) {
                shortages.add(verb + resource + " " + demand + ", but quota " + quota.name() + " has "
                        + limit.get().minus(used.get()).max(Quantity.ZERO) + " left (" + used.get() + " of "
                        + limit.get() + " used)");
            }
        });
        return shortages;
    }

    /** The resources that the pods take and of which is not known how much is used. */
    List<String> uncounted() {
        return quota.hard().keySet().stream()
                .filter(resource -> demand(resource).compareTo(Quantity.ZERO) > 0)
                .filter(resource -> used(resource).isEmpty())
                .map(resource -> resource + " (quota " + quota.name() + ")")
                .toList();
    }

    private Optional<Quantity> used(String resource) {
        return Optional.ofNullable(quota.used().get(resource)).flatMap(Quantity::parse);
    }

    private Quantity demand(String resource) {
        return pods.stream().map(needs -> demand(needs, resource)).reduce(Quantity.ZERO, Quantity::plus);
    }

    private static Quantity demand(PodNeeds needs, String resource) {
        if (PODS.contains(resource)) {
            return Quantity.ONE;
        }
        if (SHORT_FORMS.contains(resource)) {
            return needs.request(resource);
        }
        if (resource.startsWith("requests.")) {
            return needs.request(resource.substring("requests.".length()));
        }
        return resource.startsWith("limits.") ? needs.limit(resource.substring("limits.".length())) : Quantity.ZERO;
    }

    private static boolean isStated(PodNeeds needs, String resource) {
        String name = resource.substring(resource.indexOf('.') + 1);
        boolean limit = resource.startsWith("limits.");
        for (JsonNode container : needs.spec().path("containers")) {
            JsonNode resources = container.path("resources");
            if (!resources.path("limits").has(name)
                    && (limit || !resources.path("requests").has(name))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the quota is about such a pod: long-lived, and of its priority and quality of service. */
    private static boolean applies(QuotaView quota, PodNeeds needs) {
        return quota.scopes().stream().allMatch(scope -> isIn(needs, scope, "Exists", List.of()))
                && quota.scopeExpressions().stream()
                        .allMatch(expression -> isIn(
                                needs,
                                expression.path("scopeName").asText(),
                                expression.path("operator").asText(),
                                values(expression)));
    }

    private static boolean isIn(PodNeeds needs, String scope, String operator, List<String> values) {
        return switch (scope) {
            case "Terminating" -> needs.spec().has("activeDeadlineSeconds");
            case "NotTerminating" -> !needs.spec().has("activeDeadlineSeconds");
            case "BestEffort" -> needs.isBestEffort();
            case "NotBestEffort" -> !needs.isBestEffort();
            case "PriorityClass" -> hasPriority(needs, operator, values);
            // A scope that is newer than this release, or about affinities across namespaces, which Milvus has not.
            default -> false;
        };
    }

    private static boolean hasPriority(PodNeeds needs, String operator, List<String> values) {
        String priority = needs.spec().path("priorityClassName").asText("");
        return switch (operator) {
            case "In" -> values.contains(priority);
            case "NotIn" -> !values.contains(priority);
            case "DoesNotExist" -> priority.isEmpty();
            default -> !priority.isEmpty();
        };
    }

    private static List<String> values(JsonNode expression) {
        List<String> values = new ArrayList<>();
        expression.path("values").forEach(value -> values.add(value.asText()));
        return values;
    }
}
