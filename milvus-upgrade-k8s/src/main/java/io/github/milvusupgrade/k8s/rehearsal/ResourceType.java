package io.github.milvusupgrade.k8s.rehearsal;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A kind of object that the API server stores, with what its address and its errors call it. */
record ResourceType(String group, String version, String plural, String kind, boolean namespaced) {

    static final ResourceType NAMESPACES = cluster("", "v1", "namespaces", "Namespace");
    static final ResourceType PODS = namespaced("", "v1", "pods", "Pod");
    static final ResourceType CONFIG_MAPS = namespaced("", "v1", "configmaps", "ConfigMap");
    static final ResourceType SECRETS = namespaced("", "v1", "secrets", "Secret");
    static final ResourceType SERVICES = namespaced("", "v1", "services", "Service");
    static final ResourceType SERVICE_ACCOUNTS = namespaced("", "v1", "serviceaccounts", "ServiceAccount");
    static final ResourceType EVENTS = namespaced("", "v1", "events", "Event");
    static final ResourceType CLAIMS = namespaced("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");
    static final ResourceType QUOTAS = namespaced("", "v1", "resourcequotas", "ResourceQuota");
    static final ResourceType NODES = cluster("", "v1", "nodes", "Node");
    static final ResourceType DEPLOYMENTS = namespaced("apps", "v1", "deployments", "Deployment");
    static final ResourceType REPLICA_SETS = namespaced("apps", "v1", "replicasets", "ReplicaSet");
    static final ResourceType STATEFUL_SETS = namespaced("apps", "v1", "statefulsets", "StatefulSet");
    static final ResourceType LEASES = namespaced("coordination.k8s.io", "v1", "leases", "Lease");
    static final ResourceType STORAGE_CLASSES = cluster("storage.k8s.io", "v1", "storageclasses", "StorageClass");
    static final ResourceType AUTOSCALERS =
            namespaced("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler");

    static final List<ResourceType> ALL = List.of(
            NAMESPACES,
            NODES,
            PODS,
            CONFIG_MAPS,
            SECRETS,
            SERVICES,
            SERVICE_ACCOUNTS,
            EVENTS,
            CLAIMS,
            cluster("", "v1", "persistentvolumes", "PersistentVolume"),
            QUOTAS,
            namespaced("", "v1", "limitranges", "LimitRange"),
            DEPLOYMENTS,
            REPLICA_SETS,
            STATEFUL_SETS,
            LEASES,
            STORAGE_CLASSES,
            AUTOSCALERS,
            namespaced("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget"),
            namespaced("rbac.authorization.k8s.io", "v1", "roles", "Role"),
            namespaced("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"));

    private static final Set<String> WITH_GENERATION =
            Set.of("deployments", "replicasets", "statefulsets", "poddisruptionbudgets");
    private static final Set<String> WITH_STATUS = Set.of(
            "namespaces",
            "nodes",
            "pods",
            "services",
            "persistentvolumeclaims",
            "persistentvolumes",
            "resourcequotas",
            "deployments",
            "replicasets",
            "statefulsets",
            "horizontalpodautoscalers",
            "poddisruptionbudgets");

    static Optional<ResourceType> find(String group, String version, String plural) {
        return ALL.stream()
                .filter(type -> type.group.equals(group) && type.version.equals(version) && type.plural.equals(plural))
                .findFirst();
    }

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** The name as error messages write it: {@code deployments.apps}, {@code pods}. */
    String qualifiedPlural() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** The kind as error messages write it: {@code Deployment.apps}, {@code Pod}. */
    String qualifiedKind() {
        return group.isEmpty() ? kind : kind + "." + group;
    }

    boolean hasGeneration() {
        return WITH_GENERATION.contains(plural);
    }

    boolean hasStatus() {
        return WITH_STATUS.contains(plural);
    }

    boolean hasScale() {
        return this == DEPLOYMENTS || this == REPLICA_SETS || this == STATEFUL_SETS;
    }

    private static ResourceType namespaced(String group, String version, String plural, String kind) {
        return new ResourceType(group, version, plural, kind, true);
    }

    private static ResourceType cluster(String group, String version, String plural, String kind) {
        return new ResourceType(group, version, plural, kind, false);
    }
}
