package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.config.ActiveStandby;
import io.github.milvusupgrade.k8s.config.Coordinator;
import io.github.milvusupgrade.k8s.config.Edit;
import io.github.milvusupgrade.k8s.config.EffectiveConfig;
import io.github.milvusupgrade.k8s.config.MilvusYaml;
import io.github.milvusupgrade.k8s.config.Setting;
import io.github.milvusupgrade.k8s.inspect.InstanceInspector;
import io.github.milvusupgrade.k8s.view.ConfigMapView;
import io.github.milvusupgrade.step.UpgradeStep;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of an instance where it concerns active-standby.
 *
 * @param configMap the ConfigMap
 * @param userKey the key of {@code user.yaml}
 * @param defaultKey the key of {@code default.yaml}, which {@code user.yaml} overrides
 * @param coordinators the coordinators that run, alone or within a mixcoord or a standalone
 */
public record StandbyConfig(
        String configMap, String userKey, Optional<String> defaultKey, Set<Coordinator> coordinators) {

    private static final Map<Component, Coordinator> SEPARATE = Map.of(
            Component.ROOTCOORD, Coordinator.ROOT,
            Component.QUERYCOORD, Coordinator.QUERY,
            Component.DATACOORD, Coordinator.DATA,
            Component.INDEXCOORD, Coordinator.INDEX);

    /** Where the configuration of an instance is, as it was found. */
    public static StandbyConfig of(ClusterSnapshot snapshot) {
        return new StandbyConfig(
                snapshot.fact(InstanceInspector.CONFIG_MAP).orElse("unknown"),
                snapshot.fact(InstanceInspector.USER_KEY).orElse("user.yaml"),
                snapshot.fact(InstanceInspector.DEFAULT_KEY),
                coordinators(snapshot));
    }

    /** Whether a step makes coordinators active-standby. */
    public static boolean isEnabledBy(UpgradeStep step) {
        return step instanceof EnableActiveStandby;
    }

    /**
     * What has to be changed so that every coordinator may have a standby.
     *
     * @throws io.github.milvusupgrade.error.UpgradeException with {@code CONFIG_UNUSABLE} if the text cannot be read or
     *     not be edited safely
     */
    public Edit edit(ConfigMapView configMap) {
        MilvusYaml user = parse(configMap);
        EffectiveConfig effective = defaultKey
                .map(key -> EffectiveConfig.of(
                        MilvusYaml.parse(key, configMap.data().getOrDefault(key, "")), user))
                .orElseGet(() -> EffectiveConfig.of(user));
        List<Setting> missing = ActiveStandby.missing(effective, coordinators);
        return user.with(missing);
    }

    MilvusYaml parse(ConfigMapView configMap) {
        return MilvusYaml.parse(userKey, configMap.data().getOrDefault(userKey, ""));
    }

    private static Set<Coordinator> coordinators(ClusterSnapshot snapshot) {
        if (snapshot.components().contains(Component.MIXCOORD)
                || snapshot.components().contains(Component.STANDALONE)) {
            return EnumSet.allOf(Coordinator.class);
        }
        Set<Coordinator> running = EnumSet.noneOf(Coordinator.class);
        SEPARATE.forEach((component, coordinator) -> {
            if (snapshot.components().contains(component)) {
                running.add(coordinator);
            }
        });
        return running;
    }
}
