package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.error.Code;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Remembers since when each trouble lasts, and decides when it has lasted too long. Kept for one rollout by one thread;
 * the time is handed in.
 */
final class StallDetector {

    private final Patience patience;
    private final Map<String, Instant> firstSeen = new HashMap<>();
    private @Nullable Object lastProgress;
    private Instant lastMove;

    StallDetector(Patience patience, Instant now) {
        this.patience = patience;
        this.lastMove = now;
    }

    /**
     * Take notice of one look; answers the troubles that were not there at the look before. The progress is anything
     * that is equal to what it was before as long as nothing has moved.
     */
    List<Trouble> notice(Object progress, List<Trouble> troubles, Instant now) {
        if (!progress.equals(lastProgress)) {
            lastProgress = progress;
            lastMove = now;
        }
        Set<String> current = troubles.stream().map(Trouble::key).collect(Collectors.toSet());
        firstSeen.keySet().retainAll(current);
        List<Trouble> fresh = new ArrayList<>();
        for (Trouble trouble : troubles) {
            if (firstSeen.putIfAbsent(trouble.key(), now) == null && trouble.code() != Code.STUCK_TERMINATING) {
                fresh.add(trouble);
            }
        }
        return fresh;
    }

    /** The trouble that has lasted longer than its budget, if any; the one that is over its budget the longest. */
    Optional<Trouble> stalled(List<Trouble> troubles, Instant now) {
        return troubles.stream()
                .filter(trouble -> !deadline(trouble).isAfter(now))
                .min(Comparator.comparing(this::deadline));
    }

    /** Whether nothing at all has moved for too long. */
    boolean idle(Instant now) {
        return !lastMove.plus(patience.noProgress()).isAfter(now);
    }

    private Instant deadline(Trouble trouble) {
        return firstSeen
                .getOrDefault(trouble.key(), Instant.MAX.minus(trouble.budget()))
                .plus(trouble.budget());
    }
}
