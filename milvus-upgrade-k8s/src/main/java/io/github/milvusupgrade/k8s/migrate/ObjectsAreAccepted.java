package io.github.milvusupgrade.k8s.migrate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether the API server, with its quotas, policies and webhooks, would take the objects of the migration, and whether
 * a storage class is there for its volume.
 */
record ObjectsAreAccepted(ClusterAccess access, Migration migration) implements Check {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

    @Override
    public String id() {
        return "P25";
    }

    @Override
    public String title() {
        return "the cluster takes the volume claim and the pods of the migration";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Optional<Finding> storage = storageClass();
        if (storage.filter(Finding::blocks).isPresent()) {
            return storage.get();
        }
        MigrationObjects objects = new MigrationObjects(migration, "milvus-upgrade-preflight");
        List<ObjectNode> planned = List.of(
                objects.claim(),
                objects.configMap(),
                objects.toolPod("milvus-upgrade-preflight", ToolCommand.BACKUP),
                objects.probePod("milvus-upgrade-preflight"));
        for (ObjectNode object : planned) {
            Optional<Finding> refusal = refusal(object);
            if (refusal.isPresent()) {
                return refusal.get();
            }
        }
        return storage.orElseGet(() -> Finding.pass(
                id(), "The API server takes the claim, the ConfigMap and the pods of the migration (dry run)."));
    }

    private static Resource kindOf(ObjectNode object) {
        return switch (object.path("kind").asText()) {
            case "PersistentVolumeClaim" -> Resource.PERSISTENT_VOLUME_CLAIMS;
            case "ConfigMap" -> Resource.CONFIG_MAPS;
            default -> Resource.PODS;
        };
    }

    private Optional<Finding> refusal(ObjectNode object) {
        String name = object.path("metadata").path("name").asText();
        try {
            access.api()
                    .within(PATIENCE)
                    .dryRun(kindOf(object).in(migration.id().namespace(), name), object);
            return Optional.empty();
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.FORBIDDEN) || e.is(KubeApiException.Kind.INVALID)) {
                return Optional.of(Finding.fail(
                        id(),
                        "The API server refuses the " + object.path("kind").asText() + " of the migration: "
                                + e.serverMessage(),
                        "Meet the policy or the quota with MigrateOptions.withPods, withBackupSize or"
                                + " withStorageClass; or grant what is missing."));
            }
            throw e;
        }
    }

    /** Storage classes live outside of namespaces: a Role for one namespace does not allow to read them. */
    private Optional<Finding> storageClass() {
        KubeApi bounded = access.api().within(PATIENCE);
        try {
            List<ObjectNode> classes =
                    bounded.list(Selection.all(Resource.STORAGE_CLASSES, "")).items();
            Optional<String> chosen = migration.options().storageClass();
            boolean there = classes.stream()
                    .anyMatch(candidate -> chosen.map(name -> candidate
                                    .path("metadata")
                                    .path("name")
                                    .asText()
                                    .equals(name))
                            .orElseGet(() -> candidate
                                    .path("metadata")
                                    .path("annotations")
                                    .path(DEFAULT_CLASS)
                                    .asText()
                                    .equals("true")));
            return there
                    ? Optional.empty()
                    : Optional.of(Finding.fail(
                            id(),
                            chosen.map(name -> "There is no storage class " + name + ".")
                                    .orElse("There is no default storage class."),
                            "Choose one with MigrateOptions.withStorageClass; there are: "
                                    + classes.stream()
                                            .map(candidate -> candidate
                                                    .path("metadata")
                                                    .path("name")
                                                    .asText())
                                            .toList()
                                    + "."));
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.FORBIDDEN)) {
                return Optional.of(Finding.warn(
                        id(),
                        "The API server takes the objects of the migration (dry run), but storage classes may not be"
                                + " listed, so it is not known whether the volume will be bound.",
                        "The first step finds out, before anything is stopped."));
            }
            throw e;
        }
    }
}
