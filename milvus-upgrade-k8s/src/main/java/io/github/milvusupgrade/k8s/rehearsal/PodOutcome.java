package io.github.milvusupgrade.k8s.rehearsal;

import java.time.Duration;
import java.util.List;

/**
 * How the work of a rehearsed pod ends.
 *
 * @param after how long it works, in cluster time
 * @param exitCode 0 for success
 * @param log its lines, all written at the beginning
 */
public record PodOutcome(Duration after, int exitCode, List<String> log) {

    /** Keeps its own copy of the lines. */
    public PodOutcome {
        log = List.copyOf(log);
    }
}
