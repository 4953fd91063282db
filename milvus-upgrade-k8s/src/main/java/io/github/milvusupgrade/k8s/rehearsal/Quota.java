package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Refuses pods that a ResourceQuota has no room for, counting pods, CPU and memory as its admission plugin does. */
final class Quota {

    private final ObjectStore store;
    private final PodFaults faults;

    Quota(ObjectStore store, PodFaults faults) {
        this.store = store;
        this.faults = faults;
    }

    void check(JsonNode pod) {
        String namespace = pod.path("metadata").path("namespace").asText();
        if (faults.has(PodFault.Kind.REFUSED, pod)) {
            faults.hit(PodFault.Kind.REFUSED, pod);
            int used = store.list(ResourceType.PODS, namespace).size();
            throw exceeded(pod, "rehearsed", "pods=1", "pods=" + used, "pods=" + used);
        }
        for (JsonNode quota : store.list(ResourceType.QUOTAS, namespace)) {
            List<String> requested = new ArrayList<>();
            List<String> used = new ArrayList<>();
            List<String> limited = new ArrayList<>();
            quota.path("spec").path("hard").properties().forEach(hard -> {
                String resource = hard.getKey();
                String limit = hard.getValue().asText();
                long asked = Quantity.of(pod, resource);
                long inUse = used(store, namespace, resource);
                if (asked > 0 && inUse + asked > Quantity.parse(limit)) {
                    requested.add(resource + "=" + Quantity.text(resource, asked));
                    used.add(resource + "=" + Quantity.text(resource, inUse));
                    limited.add(resource + "=" + limit);
                }
            });
            if (!requested.isEmpty()) {
                throw exceeded(
                        pod,
                        quota.path("metadata").path("name").asText(),
                        String.join(",", requested),
                        String.join(",", used),
                        String.join(",", limited));
            }
        }
    }

    /** How much of a resource the pods of a namespace take, finished ones aside. */
    static long used(ObjectStore store, String namespace, String resource) {
        return store.list(ResourceType.PODS, namespace).stream()
                .filter(pod -> !PodView.isFinished(pod))
                .mapToLong(pod -> Quantity.of(pod, resource))
                .sum();
    }

    private static ApiFailure exceeded(JsonNode pod, String quota, String requested, String used, String limited) {
        return ApiFailure.forbidden(
                ResourceType.PODS,
                pod.path("metadata").path("name").asText(),
                "exceeded quota: " + quota + ", requested: " + requested + ", used: " + used + ", limited: " + limited);
    }
}
