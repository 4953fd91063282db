package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long the stages of a pod's life take, in cluster time; a pod's own {@code sim.cluster/…-after} annotations come
 * first.
 */
record PodTimes(Duration startsAfter, Duration readyAfter, Duration stopsAfter) {

    static final PodTimes DEFAULT =
            new PodTimes(Duration.ofMillis(300), Duration.ofMillis(500), Duration.ofMillis(300));

    private static final Duration COMPLETES_AFTER = Duration.ofMillis(500);
    private static final Pattern PART = Pattern.compile("([0-9.]+)(ms|h|m|s)");
    private static final Map<String, Integer> MILLIS = Map.of("ms", 1, "s", 1000, "m", 60_000, "h", 3_600_000);

    Duration untilStart(JsonNode pod) {
        return annotated(pod, "starts-after", startsAfter);
    }

    Duration untilReady(JsonNode pod) {
        return annotated(pod, "ready-after", readyAfter);
    }

    Duration untilStopped(JsonNode pod) {
        return annotated(pod, "stops-after", stopsAfter);
    }

    Duration untilCompleted(JsonNode pod) {
        return annotated(pod, "completes-after", COMPLETES_AFTER);
    }

    private static Duration annotated(JsonNode pod, String name, Duration otherwise) {
        String text = pod.path("metadata")
                .path("annotations")
                .path("sim.cluster/" + name)
                .asText();
        Matcher part = PART.matcher(text);
        double millis = 0;
        boolean found = false;
        while (part.find()) {
            millis += Double.parseDouble(part.group(1)) * MILLIS.getOrDefault(part.group(2), 0);
            found = true;
        }
        return found ? Duration.ofNanos((long) (millis * 1_000_000)) : otherwise;
    }
}
