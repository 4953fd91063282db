package io.github.milvusupgrade.path;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.component.ComponentGraph;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.List;
import java.util.stream.Stream;

/**
 * One leg of an upgrade, from a version to a later one with nothing between. Made by an {@link UpgradeRule}; immutable.
 *
 * @param from the version that runs before it
 * @param to the version that runs after it
 * @param kind how it is made
 * @param graph the order among the components; it belongs to the hop because it differs from hop to hop
 * @param ruleId the rule that made it
 * @param why why it may be made, and made this way
 * @param conditions what must be true of the instance before it begins
 * @param wayBack how the old version can be had again
 * @param sources where the rule comes from, such as {@code milvus-io/milvus#33242}
 * @param notes what to know that neither blocks nor changes the hop
 */
public record Hop(
        MilvusVersion from,
        MilvusVersion to,
        PathKind kind,
        ComponentGraph graph,
        String ruleId,
        String why,
        List<Check> conditions,
        WayBack wayBack,
        List<String> sources,
        List<String> notes) {

    /** Refuse a hop that does not lead upwards, and copy what is handed in. */
    public Hop {
        if (!from.isBelow(to)) {
            throw new IllegalArgumentException("A hop leads to a later version, but got " + from + " -> " + to + ".");
        }
        conditions = List.copyOf(conditions);
        sources = List.copyOf(sources);
        notes = List.copyOf(notes);
    }

    /** The same hop with one more note. */
    Hop withNote(String note) {
        return new Hop(
                from,
                to,
                kind,
                graph,
                ruleId,
                why,
                conditions,
                wayBack,
                sources,
                Stream.concat(notes.stream(), Stream.of(note)).toList());
    }

    /** One line: {@code 2.2.4 -> 2.2.16 rolling (rule roll-2.2)}. */
    @Override
    public String toString() {
        return from + " -> " + to + " " + kind + " (rule " + ruleId + ")";
    }
}
