package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Deployment with its ReplicaSets at one moment, and the arithmetic of a rolling update.
 *
 * @param current the ReplicaSet of the Deployment's own template, null if there is none yet
 * @param old the others, oldest first
 */
record Rollout(ObjectNode deployment, @Nullable ObjectNode current, List<ObjectNode> old) {

    static final String HASH_LABEL = "pod-template-hash";
    static final String REVISION = "deployment.kubernetes.io/revision";

    static Rollout of(ObjectStore store, ObjectNode deployment) {
        List<ObjectNode> sets = store.ownedBy(deployment, ResourceType.REPLICA_SETS).stream()
                .filter(set -> !set.path("metadata").has("deletionTimestamp"))
                .sorted(Comparator.comparing(Rollout::revision))
                .toList();
        JsonNode template = deployment.path("spec").path("template");
        ObjectNode current = sets.stream()
                .filter(set -> withoutHash(set.path("spec").path("template")).equals(template))
                .findFirst()
                .orElse(null);
        return new Rollout(
                deployment,
                current,
                sets.stream().filter(set -> !set.equals(current)).toList());
    }

    List<ObjectNode> all() {
        return current == null
                ? old
                : Stream.concat(old.stream(), Stream.of(current)).toList();
    }

    List<ObjectNode> activeOld() {
        return old.stream().filter(set -> replicas(set) > 0).toList();
    }

    int wanted() {
        return replicas(deployment);
    }

    boolean isRolling() {
        return deployment.path("spec").path("strategy").path("type").asText().equals("RollingUpdate");
    }

    int specifiedPods() {
        return all().stream().mapToInt(Rollout::replicas).sum();
    }

    int availablePods() {
        return all().stream().mapToInt(set -> count(set, "availableReplicas")).sum();
    }

    /** Percentages of a surge are rounded up. */
    int maxSurge() {
        return isRolling() ? resolve("maxSurge", true) : 0;
    }

    /** Percentages of unavailability are rounded down; one pod, if neither limit would allow any progress. */
    int maxUnavailable() {
        if (!isRolling() || wanted() == 0) {
            return 0;
        }
        int unavailable = resolve("maxUnavailable", false);
        return Math.min(wanted(), unavailable == 0 && maxSurge() == 0 ? 1 : unavailable);
    }

    int minAvailable() {
        return wanted() - maxUnavailable();
    }

    /** How many replicas the new ReplicaSet may have now, given the ones it has. */
    int nextSizeOfNew(int size) {
        if (!isRolling()) {
            return wanted();
        }
        int room = wanted() + maxSurge() - specifiedPods();
        return room <= 0 ? size : size + Math.min(room, wanted() - size);
    }

    int highestOldRevision() {
        return old.stream().mapToInt(Rollout::revision).max().orElse(0);
    }

    static int replicas(JsonNode workload) {
        return workload.path("spec").path("replicas").asInt();
    }

    static int count(JsonNode workload, String statusField) {
        return workload.path("status").path(statusField).asInt();
    }

    static int revision(JsonNode object) {
        return object.path("metadata").path("annotations").path(REVISION).asInt();
    }

    private int resolve(String limit, boolean up) {
        String text = deployment
                .path("spec")
                .path("strategy")
                .path("rollingUpdate")
                .path(limit)
                .asText("0");
        if (!text.endsWith("%")) {
            return Integer.parseInt(text);
        }
        int hundredths = Integer.parseInt(text.substring(0, text.length() - 1)) * wanted();
        return up ? (hundredths + 99) / 100 : hundredths / 100;
    }

    private static JsonNode withoutHash(JsonNode template) {
        JsonNode metadata = template.path("metadata");
        return Json.with(
                template, "metadata", Json.with(metadata, "labels", Json.without(metadata.path("labels"), HASH_LABEL)));
    }
}
