package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.probe.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether new query nodes serve every collection that the old ones served. Made for one roll, because it notices since
 * when it sees the same.
 *
 * <p>A collection that no new node serves may have been released meanwhile. The query coordinator counts releases,
 * those of collections included that were not loaded, but does not tell which; so they excuse as many collections as
 * they are, once nothing has changed for a while.
 */
final class CollectionHandOver {

    /**
     * Loading goes on for as long as something changes; between two changes of real loads were less than ten seconds.
     */
    private static final Duration UNCHANGED = Duration.ofSeconds(30);

    /** milvus-io/milvus:internal/querycoordv2/services.go, ReleaseCollection. */
    private static final String RELEASES = "milvus_querycoord_release_req_count";

    private static final String SERVED_BEFORE = Component.QUERYNODE + ".gate.served";
    private static final String RELEASED_BEFORE = Component.QUERYNODE + ".gate.released";

    private final Time time;
    private List<String> missing = List.of();
    private @Nullable Deadline unchanged;

    CollectionHandOver(Time time) {
        this.time = time;
    }

    /** As facts of a step. */
    static Map<String, String> remembered(ServedCollections before) {
        return before.remembered(SERVED_BEFORE);
    }

    /** As facts of a step. */
    static Map<String, String> remembered(Metrics coordinator) {
        return Map.of(RELEASED_BEFORE, Long.toString(released(coordinator)));
    }

    /** What was remembered; nothing, if nothing was. */
    static ServedCollections servedBefore(Map<String, String> facts) {
        return ServedCollections.from(facts, SERVED_BEFORE);
    }

    /** What is still to be taken over, in words. */
    Optional<String> missing(ServedCollections now, Metrics coordinator, Map<String, String> facts) {
        if (now.consumed().isEmpty()) {
            return Optional.of("none consumes a channel of what is loaded");
        }
        List<String> missingNow = servedBefore(facts).notServedBy(now);
        if (unchanged == null || !missingNow.equals(missing)) {
            missing = missingNow;
            unchanged = Deadline.after(UNCHANGED, time);
        }
        boolean mayBeReleased = missing.size() <= releasedSince(coordinator, facts) && unchanged.passed();
        return missing.isEmpty() || mayBeReleased ? Optional.empty() : Optional.of(FirstFew.of(missing, ", "));
    }

    private static long releasedSince(Metrics coordinator, Map<String, String> facts) {
        long before = Long.parseLong(facts.getOrDefault(RELEASED_BEFORE, "0"));
        long now = released(coordinator);
        return now < before ? now : now - before;
    }

    private static long released(Metrics coordinator) {
        return Math.round(coordinator
                .counted(RELEASES, labels -> labels.contains("\"success\""))
                .orElse(0));
    }
}
