package io.github.milvusupgrade.k8s.api;

/**
 * A kind of object by its address in the API.
 *
 * @param group the API group; empty for the core group
 * @param version the version of the group, such as {@code v1}
 * @param plural the name in the path, such as {@code deployments}
 */
public record Resource(String group, String version, String plural) {

    public static final Resource CONFIG_MAPS = new Resource("", "v1", "configmaps");
    public static final Resource EVENTS = new Resource("", "v1", "events");
    public static final Resource NAMESPACES = new Resource("", "v1", "namespaces");
    public static final Resource NODES = new Resource("", "v1", "nodes");
    public static final Resource PERSISTENT_VOLUME_CLAIMS = new Resource("", "v1", "persistentvolumeclaims");
    public static final Resource PODS = new Resource("", "v1", "pods");
    public static final Resource RESOURCE_QUOTAS = new Resource("", "v1", "resourcequotas");
    public static final Resource SECRETS = new Resource("", "v1", "secrets");
    public static final Resource SERVICE_ACCOUNTS = new Resource("", "v1", "serviceaccounts");
    public static final Resource SERVICES = new Resource("", "v1", "services");
    public static final Resource DEPLOYMENTS = new Resource("apps", "v1", "deployments");
    public static final Resource REPLICA_SETS = new Resource("apps", "v1", "replicasets");
    public static final Resource STATEFUL_SETS = new Resource("apps", "v1", "statefulsets");
    public static final Resource HORIZONTAL_POD_AUTOSCALERS =
            new Resource("autoscaling", "v2", "horizontalpodautoscalers");
    public static final Resource POD_DISRUPTION_BUDGETS = new Resource("policy", "v1", "poddisruptionbudgets");
    public static final Resource LEASES = new Resource("coordination.k8s.io", "v1", "leases");
    public static final Resource STORAGE_CLASSES = new Resource("storage.k8s.io", "v1", "storageclasses");

    /** Names an object of this kind in a namespace. */
    public ObjectRef in(String namespace, String name) {
        return new ObjectRef(this, namespace, name);
    }

    /** The {@code apiVersion} that objects of this kind carry. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    String path(String namespace) {
        String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
        return namespace.isEmpty() ? root + "/" + plural : root + "/namespaces/" + namespace + "/" + plural;
    }

    /** As access rules and {@code kubectl} write it: {@code deployments.apps}, {@code pods}. */
    @Override
    public String toString() {
        return group.isEmpty() ? plural : plural + "." + group;
    }
}
