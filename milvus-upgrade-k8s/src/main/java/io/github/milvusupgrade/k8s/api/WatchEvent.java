package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One line of a watch.
 *
 * @param type what happened
 * @param object the object as it is now, or as it was last; of a bookmark only its {@code resourceVersion} counts
 */
public record WatchEvent(Type type, ObjectNode object) {

    /** What happened to the object; a bookmark says that nothing did, up to its resource version. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK
    }
}
