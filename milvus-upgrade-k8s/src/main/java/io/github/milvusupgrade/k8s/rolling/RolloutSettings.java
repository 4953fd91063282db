package io.github.milvusupgrade.k8s.rolling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.step.StepContext;
import java.util.Map;

/**
 * How a Deployment replaces its pods: what is changed for the upgrade and brought back after it.
 *
 * @param strategy {@code spec.strategy} as it stands
 * @param minReadySeconds seconds that a new pod must stay ready before it counts as available
 */
record RolloutSettings(JsonNode strategy, int minReadySeconds) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PERCENT = 100;

    static RolloutSettings of(DeploymentView deployment) {
        return new RolloutSettings(deployment.raw().path("spec").path("strategy"), deployment.minReadySeconds());
    }

    /** What was captured of a Deployment under its name. */
    static RolloutSettings captured(StepContext context, String deployment) {
        try {
            return new RolloutSettings(
                    JSON.readTree(context.captured(deployment + ".strategy")),
                    Integer.parseInt(context.captured(deployment + ".minReadySeconds")));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The captured strategy of " + deployment + " is not JSON.", e);
        }
    }

    void captureInto(Map<String, String> facts, String deployment) {
        facts.put(deployment + ".strategy", strategy.toString());
        facts.put(deployment + ".minReadySeconds", Integer.toString(minReadySeconds));
    }

    /**
     * The settings under which no pod goes before its successor is available. {@code Recreate}, which the chart gives
     * to coordinators, becomes {@code RollingUpdate}; a surge that is configured stays as it is.
     *
     * @param replicas the pods that are wanted
     * @param minimumReady seconds that a new pod must at least stay ready
     */
    RolloutSettings gentle(int replicas, int minimumReady) {
        int ready = Math.max(minReadySeconds, minimumReady);
        if (isRolling() && unavailable(replicas) == 0 && surges(replicas)) {
            return new RolloutSettings(strategy, ready);
        }
        ObjectNode rolling = JsonNodeFactory.instance.objectNode();
        rolling.put("type", "RollingUpdate");
        ObjectNode parameters = rolling.putObject("rollingUpdate");
        parameters.put("maxUnavailable", 0);
        if (isRolling() && surges(replicas)) {
            parameters.set("maxSurge", strategy.path("rollingUpdate").path("maxSurge"));
        } else {
            parameters.put("maxSurge", 1);
        }
        return new RolloutSettings(rolling, ready);
    }

    /** The same with room for at least so many new pods beside the old ones. */
    RolloutSettings withSurge(int replicas, int pods) {
        return surge(replicas) >= pods ? this : with("maxSurge", pods);
    }

    /** The same with so many pods that may be missing. */
    RolloutSettings withUnavailable(int pods) {
        return with("maxUnavailable", pods);
    }

    private RolloutSettings with(String limit, int pods) {
        ObjectNode limited = strategy.deepCopy();
        limited.withObjectProperty("rollingUpdate").put(limit, pods);
        return new RolloutSettings(limited, minReadySeconds);
    }

    /** How many new pods may stand beside the old ones. */
    int surge(int replicas) {
        return count("maxSurge", replicas, true);
    }

    /**
     * The part of a strategic merge patch that brings these settings about. {@code $retainKeys} removes what the
     * strategy does not name: without it a patch back to {@code Recreate} would leave {@code rollingUpdate} behind,
     * which the API server refuses.
     */
    void patchInto(ObjectNode spec) {
        spec.put("minReadySeconds", minReadySeconds);
        ObjectNode patch = strategy.isObject() ? strategy.deepCopy() : JsonNodeFactory.instance.objectNode();
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        patch.fieldNames().forEachRemaining(kept::add);
        patch.set("$retainKeys", kept);
        spec.set("strategy", patch);
    }

    private boolean isRolling() {
        return strategy.path("type").asText("RollingUpdate").equals("RollingUpdate");
    }

    /** Percentages of surge are rounded up and those of unavailability down, as the Deployment controller does. */
    private boolean surges(int replicas) {
        return surge(replicas) > 0;
    }

    private int unavailable(int replicas) {
        return count("maxUnavailable", replicas, false);
    }

    private int count(String field, int replicas, boolean up) {
        String text = strategy.path("rollingUpdate").path(field).asText("25%");
        if (!text.endsWith("%")) {
            return Integer.parseInt(text);
        }
        double share = Integer.parseInt(text.substring(0, text.length() - 1)) * (double) replicas / PERCENT;
        return (int) (up ? Math.ceil(share) : Math.floor(share));
    }
}
