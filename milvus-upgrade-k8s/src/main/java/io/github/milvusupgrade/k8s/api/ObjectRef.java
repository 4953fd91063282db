package io.github.milvusupgrade.k8s.api;

/**
 * Names one object of the cluster.
 *
 * @param resource its kind
 * @param namespace its namespace; empty for kinds that live outside of namespaces
 * @param name its name
 */
public record ObjectRef(Resource resource, String namespace, String name) {

    String path() {
        return resource.path(namespace) + "/" + name;
    }

    /** For people: {@code deployments.apps default/my-release-milvus-proxy}. */
    @Override
    public String toString() {
        return resource + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
