package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.k8s.probe.Gauge;
import io.github.milvusupgrade.k8s.probe.Metrics;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The collections that query nodes serve, as they say themselves: whose channels they consume, and of which they hold
 * sealed segments. A node that cannot read from the message queue, or not from the object storage, has taken a
 * collection on all the same, and its coordinator may say that nothing is left to do.
 *
 * @param consumed the identifiers of collections whose channels are consumed
 * @param sealed the identifiers of collections of which sealed segments are held
 */
record ServedCollections(Set<String> consumed, Set<String> sealed) {

    static final ServedCollections NONE = new ServedCollections(Set.of(), Set.of());

    private static final String LABEL = "collection_id";

    /** More are not remembered: a node that serves none of so many serves none of the others. */
    private static final int REMEMBERED = 100;

    private static final String CONSUMED = ".consumed";
    private static final String SEALED = ".sealed";

    ServedCollections {
        consumed = Set.copyOf(consumed);
        sealed = Set.copyOf(sealed);
    }

    /** Whether query nodes of a version say it. */
    static boolean areToldBy(MilvusVersion version) {
        return Gauge.QUERY_NODE_LAG.tells(version) && Gauge.QUERY_NODE_SEGMENTS.tells(version);
    }

    /** What a node tells of deletions says nothing of what it serves: it reads them wherever it holds a segment. */
    static ServedCollections of(Metrics node) {
        return new ServedCollections(
                node.sums(Gauge.QUERY_NODE_LAG.metric(), LABEL, labels -> !labels.contains("\"delete\""))
                        .keySet(),
                withSegments(node, labels -> labels.contains("\"Sealed\"")));
    }

    /** Those that have a segment: 2.2 goes on telling how far behind it was with a collection that was released. */
    static ServedCollections loadedIn(Metrics node) {
        ServedCollections all = of(node);
        Set<String> loaded = withSegments(node, labels -> true);
        return new ServedCollections(
                all.consumed.stream().filter(loaded::contains).collect(Collectors.toSet()), all.sealed);
    }

    /** Those from whose channels a data node writes: of one that it lets go it tells no longer. */
    static Set<String> writtenBy(Metrics node) {
        return node.sums(Gauge.DATA_NODE_LAG.metric(), LABEL, labels -> true).keySet();
    }

    private static Set<String> withSegments(Metrics node, Predicate<String> labels) {
        return node.sums(Gauge.QUERY_NODE_SEGMENTS.metric(), LABEL, labels).entrySet().stream()
                .filter(collection -> collection.getValue() > 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    ServedCollections and(ServedCollections other) {
        return new ServedCollections(both(consumed, other.consumed), both(sealed, other.sealed));
    }

    private static Set<String> both(Set<String> one, Set<String> other) {
        Set<String> both = new TreeSet<>(one);
        both.addAll(other);
        return both;
    }

    /** What of these others do not serve: how, for each collection, in a fixed order. */
    List<String> notServedBy(ServedCollections others) {
        return Stream.concat(
                        without(consumed, others.consumed).map(id -> "none consumes a channel of collection " + id),
                        without(sealed, others.sealed).map(id -> "none holds a sealed segment of collection " + id))
                .toList();
    }

    private static Stream<String> without(Set<String> all, Set<String> some) {
        return all.stream().filter(collection -> !some.contains(collection)).sorted();
    }

    /** As facts of a step. */
    Map<String, String> remembered(String key) {
        return Map.of(key + CONSUMED, join(consumed), key + SEALED, join(sealed));
    }

    private static String join(Set<String> collections) {
        return collections.stream().sorted().limit(REMEMBERED).collect(Collectors.joining(","));
    }

    static ServedCollections from(Map<String, String> facts, String key) {
        return new ServedCollections(
                split(facts.getOrDefault(key + CONSUMED, "")), split(facts.getOrDefault(key + SEALED, "")));
    }

    private static Set<String> split(String collections) {
        return collections.isEmpty() ? Set.of() : Set.of(collections.split(","));
    }
}
