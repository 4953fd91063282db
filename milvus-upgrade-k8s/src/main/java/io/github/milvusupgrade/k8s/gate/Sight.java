package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import java.util.Optional;

/**
 * Whether Milvus could be seen when the plan was made: a fact of the plan, because it decides what the plan does
 * between its steps.
 *
 * @param blindness why it could not; empty if it could
 */
public record Sight(Optional<String> blindness) {

    private static final String FACT = "milvusSight";
    private static final String CLEAR = "clear";
    private static final String BLIND = "blind: ";

    static Sight clear() {
        return new Sight(Optional.empty());
    }

    static Sight blind(String why) {
        return new Sight(Optional.of(why));
    }

    /** What a plan says of it; empty for a plan of a release that did not look. */
    public static Optional<Sight> of(ClusterSnapshot snapshot) {
        return snapshot.fact(FACT)
                .map(fact ->
                        fact.equals(CLEAR) ? clear() : blind(fact.substring(Math.min(BLIND.length(), fact.length()))));
    }

    /** The snapshot, with this fact. */
    ClusterSnapshot in(ClusterSnapshot snapshot) {
        return snapshot.withFact(FACT, blindness.map(BLIND::concat).orElse(CLEAR));
    }
}
