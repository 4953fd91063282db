package io.github.milvusupgrade.k8s.inspect;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.config.EffectiveConfig;
import io.github.milvusupgrade.k8s.config.MilvusYaml;
import io.github.milvusupgrade.k8s.view.ConfigMapView;
import java.util.Map;
import java.util.Optional;

/** Reads what an instance is configured with, from the ConfigMap that it was found to have. */
public final class InstanceConfig {

    private InstanceConfig() {}

    /**
     * Empty where the instance has no configuration that can be read. One request.
     *
     * @throws io.github.milvusupgrade.k8s.config.MalformedYamlException if it is no YAML
     */
    public static Optional<EffectiveConfig> of(ClusterSnapshot snapshot, KubeApi api) {
        return snapshot.fact(InstanceInspector.CONFIG_MAP).map(name -> {
            Map<String, String> data = api.find(
                            Resource.CONFIG_MAPS.in(snapshot.id().namespace(), name))
                    .map(ConfigMapView::new)
                    .map(ConfigMapView::data)
                    .orElse(Map.of());
            MilvusYaml user =
                    file(data, snapshot.fact(InstanceInspector.USER_KEY).orElse(""));
            return snapshot.fact(InstanceInspector.DEFAULT_KEY)
                    .map(key -> EffectiveConfig.of(file(data, key), user))
                    .orElseGet(() -> EffectiveConfig.of(user));
        });
    }

    /** A path in etcd as it is configured, without slashes around it; what Milvus takes if it is not. */
    public static String path(Optional<String> configured, String otherwise) {
        return configured
                .map(path -> path.replaceAll("^/+|/+$", ""))
                .filter(path -> !path.isEmpty())
                .orElse(otherwise);
    }

    private static MilvusYaml file(Map<String, String> data, String key) {
        return MilvusYaml.parse(key, data.getOrDefault(key, ""));
    }
}
