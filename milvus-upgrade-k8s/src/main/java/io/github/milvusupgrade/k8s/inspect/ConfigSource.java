package io.github.milvusupgrade.k8s.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import java.util.Optional;

/**
 * Where the configuration of an instance lives: the ConfigMap that a Milvus pod mounts, and the keys of it that become
 * {@code user.yaml} and {@code default.yaml} there. Found through the mounts, because its name depends on the release,
 * on {@code nameOverride}, {@code fullnameOverride} and {@code customConfigMap}
 * (zilliztech/milvus-helm:charts/milvus/templates/_helpers.tpl, configmap.yaml).
 *
 * @param configMap the name of the ConfigMap
 * @param userKey the key that becomes {@code user.yaml}
 * @param defaultKey the key that becomes {@code default.yaml}; none with a ConfigMap of the user's own
 */
public record ConfigSource(String configMap, String userKey, Optional<String> defaultKey) {

    private static final String USER = "/user.yaml";
    private static final String DEFAULT = "/default.yaml";
    /** The only file of charts before 3.1, which know no {@code user.yaml}. */
    private static final String WHOLE = "/milvus.yaml";

    /** The place that a Deployment reads its configuration from; empty if it mounts no {@code user.yaml}. */
    public static Optional<ConfigSource> of(DeploymentView deployment) {
        for (JsonNode container : deployment.raw().at("/spec/template/spec/containers")) {
            JsonNode mounts = container.path("volumeMounts");
            Optional<JsonNode> user = mountAt(mounts, USER).or(() -> mountAt(mounts, WHOLE));
            Optional<String> configMap = user.flatMap(
                    mount -> configMapOf(deployment, mount.path("name").asText()));
            if (configMap.isPresent()) {
                return Optional.of(new ConfigSource(
                        configMap.get(),
                        user.get().path("subPath").asText("user.yaml"),
                        mountAt(mounts, DEFAULT)
                                .map(mount -> mount.path("subPath").asText())));
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> mountAt(JsonNode mounts, String file) {
        for (JsonNode mount : mounts) {
            if (mount.path("mountPath").asText().endsWith(file)) {
                return Optional.of(mount);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> configMapOf(DeploymentView deployment, String volumeName) {
        return deployment.volumes().stream()
                .filter(volume -> volume.path("name").asText().equals(volumeName))
                .map(volume -> volume.path("configMap").path("name").asText(""))
                .filter(name -> !name.isEmpty())
                .findFirst();
    }
}
