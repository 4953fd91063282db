package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A kind of object that the API server stores, with what its address and its errors call it. */
enum ResourceType {
    NAMESPACES("", "v1", "namespaces", "Namespace", false),
    NODES("", "v1", "nodes", "Node", false),
    PODS("", "v1", "pods", "Pod", true),
    CONFIG_MAPS("", "v1", "configmaps", "ConfigMap", true),
    SECRETS("", "v1", "secrets", "Secret", true),
    SERVICES("", "v1", "services", "Service", true),
    SERVICE_ACCOUNTS("", "v1", "serviceaccounts", "ServiceAccount", true),
    EVENTS("", "v1", "events", "Event", true),
    CLAIMS("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true),
    VOLUMES("", "v1", "persistentvolumes", "PersistentVolume", false),
    QUOTAS("", "v1", "resourcequotas", "ResourceQuota", true),
    LIMIT_RANGES("", "v1", "limitranges", "LimitRange", true),
    DEPLOYMENTS("apps", "v1", "deployments", "Deployment", true),
    REPLICA_SETS("apps", "v1", "replicasets", "ReplicaSet", true),
    STATEFUL_SETS("apps", "v1", "statefulsets", "StatefulSet", true),
    LEASES("coordination.k8s.io", "v1", "leases", "Lease", true),
    STORAGE_CLASSES("storage.k8s.io", "v1", "storageclasses", "StorageClass", false),
    AUTOSCALERS("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true),
    DISRUPTION_BUDGETS("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true),
    ROLES("rbac.authorization.k8s.io", "v1", "roles", "Role", true),
    ROLE_BINDINGS("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true);

    static final List<ResourceType> ALL = List.of(values());

    private static final Set<ResourceType> WITH_SCALE = EnumSet.of(DEPLOYMENTS, REPLICA_SETS, STATEFUL_SETS);
    private static final Set<ResourceType> WITHOUT_STATUS = EnumSet.of(
            CONFIG_MAPS,
            SECRETS,
            SERVICE_ACCOUNTS,
            EVENTS,
            LIMIT_RANGES,
            LEASES,
            STORAGE_CLASSES,
            ROLES,
            ROLE_BINDINGS);

    private final String group;
    private final String version;
    private final String plural;
    private final String kind;
    private final boolean namespaced;

    ResourceType(String group, String version, String plural, String kind, boolean namespaced) {
        this.group = group;
        this.version = version;
        this.plural = plural;
        this.kind = kind;
        this.namespaced = namespaced;
    }

    static Optional<ResourceType> find(String group, String version, String plural) {
        return ALL.stream()
                .filter(type -> type.group.equals(group) && type.version.equals(version) && type.plural.equals(plural))
                .findFirst();
    }

    /** The type of an object, by what it says of itself. */
    static ResourceType of(JsonNode object) {
        String kind = object.path("kind").asText();
        String apiVersion = object.path("apiVersion").asText();
        return ALL.stream()
                .filter(type -> type.kind.equals(kind) && type.apiVersion().equals(apiVersion))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a " + apiVersion + " " + kind
                        + " has no place in the rehearsal cluster : it does not know it"));
    }

    /** Empty for the core group. */
    String group() {
        return group;
    }

    String version() {
        return version;
    }

    String plural() {
        return plural;
    }

    String kind() {
        return kind;
    }

    boolean namespaced() {
        return namespaced;
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
        return hasScale() || this == DISRUPTION_BUDGETS;
    }

    boolean hasStatus() {
        return !WITHOUT_STATUS.contains(this);
    }

    boolean hasScale() {
        return WITH_SCALE.contains(this);
    }
}
