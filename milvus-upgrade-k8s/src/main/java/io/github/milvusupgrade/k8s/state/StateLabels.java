package io.github.milvusupgrade.k8s.state;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.cluster.ClusterId;

/**
 * The labels of the objects that the library itself keeps. They are not those of the instance on purpose: what Helm or
 * an operator selects by instance must not include them.
 */
public final class StateLabels {

    static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    static final String MANAGER = "milvus-upgrade";
    static final String INSTANCE = "milvusupgrade.github.io/instance";
    static final String RUN = "milvusupgrade.github.io/run";

    private StateLabels() {}

    static void putInto(ObjectNode metadata, ClusterId cluster) {
        metadata.withObjectProperty("labels").put(MANAGED_BY, MANAGER).put(INSTANCE, cluster.instance());
    }

    /** The label selector of everything kept about an instance. */
    public static String selector(ClusterId cluster) {
        return MANAGED_BY + "=" + MANAGER + "," + INSTANCE + "=" + cluster.instance();
    }
}
