package io.github.milvusupgrade.cluster;

/**
 * Which Milvus instance is meant: its namespace and its name, which is the Helm release name and the value of the label
 * {@code app.kubernetes.io/instance}.
 *
 * @param namespace the Kubernetes namespace
 * @param instance the name of the instance
 */
public record ClusterId(String namespace, String instance) {

    /** Refuse blank names. */
    public ClusterId {
        if (namespace.isBlank() || instance.isBlank()) {
            throw new IllegalArgumentException("A Milvus instance needs a namespace and a name, but got namespace \""
                    + namespace + "\" and instance \"" + instance + "\".");
        }
    }

    @Override
    public String toString() {
        return namespace + "/" + instance;
    }
}
