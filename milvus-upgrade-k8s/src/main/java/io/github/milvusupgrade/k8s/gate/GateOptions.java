package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.step.Gate;
import java.time.Duration;
import java.util.List;

/**
 * How gates are kept.
 *
 * @param probe whether Milvus itself is asked
 * @param budget how long a gate waits while nothing of what it misses changes
 * @param rest how long every component must have been available where Milvus cannot be seen; zero does not wait
 * @param more the gates of the caller, asked after those of the library
 */
public record GateOptions(boolean probe, Duration budget, Duration rest, List<Gate> more) {

    /** Copy what is handed in. */
    public GateOptions {
        more = List.copyOf(more);
    }

    /** Milvus is asked; 5 min; 15 s; no more gates. */
    public static GateOptions standard() {
        return new GateOptions(true, Duration.ofMinutes(5), Duration.ofSeconds(15), List.of());
    }
}
