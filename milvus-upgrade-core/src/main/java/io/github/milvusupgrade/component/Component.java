package io.github.milvusupgrade.component;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A part of Milvus that runs in pods of its own. The names are those of {@code milvus run <name>} and of the label
 * {@code component} of the Helm chart. Open for others: a graph may order parts that this release has never heard of.
 * Attu is no part of Milvus; it has its own versions and is nobody's dependency.
 *
 * @param name lower-case, such as {@code querynode}
 */
public record Component(String name) {

    private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");

    /** Coordinates data definition and time. */
    public static final Component ROOTCOORD = new Component("rootcoord");

    /** Coordinates what is written; indexes too, since 2.3. */
    public static final Component DATACOORD = new Component("datacoord");

    /** Coordinates index builds, up to 2.2; charts of 2.3 still deploy it. */
    public static final Component INDEXCOORD = new Component("indexcoord");

    /** Coordinates what is loaded and searched. */
    public static final Component QUERYCOORD = new Component("querycoord");

    /** All coordinators in one process; the only form from 2.6 on. */
    public static final Component MIXCOORD = new Component("mixcoord");

    /** Builds indexes, up to 2.5; 2.6 does not know the word any more. */
    public static final Component INDEXNODE = new Component("indexnode");

    /** Writes to storage; builds indexes too, from 2.6 on. */
    public static final Component DATANODE = new Component("datanode");

    /** Searches. */
    public static final Component QUERYNODE = new Component("querynode");

    /** Owns the write-ahead log, from 2.6 on. */
    public static final Component STREAMINGNODE = new Component("streamingnode");

    /** Talks to clients. */
    public static final Component PROXY = new Component("proxy");

    /** Everything in one process. */
    public static final Component STANDALONE = new Component("standalone");

    /** Copies changes to another instance. */
    public static final Component CDC = new Component("cdc");

    private static final List<Component> COORDINATORS = List.of(ROOTCOORD, DATACOORD, INDEXCOORD, QUERYCOORD, MIXCOORD);

    /** Refuse what cannot be a label value of a Milvus component. */
    public Component {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Not a Milvus component: \"" + name
                    + "\": a name is lower-case letters, digits and hyphens, and begins with a letter. "
                    + "Write it as `milvus run` does, such as querynode.");
        }
    }

    /**
     * Make a component from its name.
     *
     * @throws IllegalArgumentException with the name and the reason, if it cannot be one
     */
    @JsonCreator
    public static Component of(String name) {
        return new Component(name);
    }

    /**
     * Whether it coordinates others, alone or together with other coordinators: only one pod of it is active at a time.
     */
    public boolean isCoordinator() {
        return COORDINATORS.contains(this);
    }

    @JsonValue
    @Override
    public String toString() {
        return name;
    }
}
