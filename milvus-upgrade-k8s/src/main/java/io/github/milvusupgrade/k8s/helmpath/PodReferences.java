package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.helmpath.ReleaseChange.ObjectKey;
import java.util.SortedSet;
import java.util.TreeSet;

/** The objects that the pods of a Deployment read when they start. */
final class PodReferences {

    private static final String CONFIG_MAP = "ConfigMap";
    private static final String SECRET = "Secret";
    private static final String SERVICE_ACCOUNT = "ServiceAccount";

    private PodReferences() {}

    /** Those that the pod template of a Deployment names. */
    static SortedSet<ObjectKey> of(ObjectNode deployment) {
        SortedSet<ObjectKey> found = new TreeSet<>();
        JsonNode spec = deployment.at("/spec/template/spec");
        add(found, SERVICE_ACCOUNT, spec.path("serviceAccountName"));
        spec.path("imagePullSecrets").forEach(secret -> add(found, SECRET, secret.path("name")));
        spec.path("volumes").forEach(volume -> {
            ofVolume(found, volume);
            volume.at("/projected/sources").forEach(source -> ofVolume(found, source));
        });
        spec.path("initContainers").forEach(container -> ofContainer(found, container));
        spec.path("containers").forEach(container -> ofContainer(found, container));
        return found;
    }

    /** Where objects of the kinds that pods read live in the API. */
    static Resource resourceOf(ObjectKey key) {
        return switch (key.kind()) {
            case CONFIG_MAP -> Resource.CONFIG_MAPS;
            case SECRET -> Resource.SECRETS;
            case SERVICE_ACCOUNT -> Resource.SERVICE_ACCOUNTS;
            default -> throw new IllegalArgumentException("Pods do not read " + key + ".");
        };
    }

    private static void ofVolume(SortedSet<ObjectKey> found, JsonNode volume) {
        add(found, CONFIG_MAP, volume.at("/configMap/name"));
        add(found, SECRET, volume.at("/secret/secretName"));
        add(found, SECRET, volume.at("/secret/name"));
    }

    private static void ofContainer(SortedSet<ObjectKey> found, JsonNode container) {
        container.path("envFrom").forEach(source -> {
            add(found, CONFIG_MAP, source.at("/configMapRef/name"));
            add(found, SECRET, source.at("/secretRef/name"));
        });
        container.path("env").forEach(variable -> {
            add(found, CONFIG_MAP, variable.at("/valueFrom/configMapKeyRef/name"));
            add(found, SECRET, variable.at("/valueFrom/secretKeyRef/name"));
        });
    }

    private static void add(SortedSet<ObjectKey> found, String kind, JsonNode name) {
        if (!name.asText("").isEmpty()) {
            found.add(new ObjectKey(kind, name.asText()));
        }
    }
}
