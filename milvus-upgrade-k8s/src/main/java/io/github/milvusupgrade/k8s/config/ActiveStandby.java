package io.github.milvusupgrade.k8s.config;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Whether coordinators may overlap while they are upgraded. Without active-standby the new process of a coordinator
 * fails on the session of the old one, and its rollout never becomes ready (source: {@code milvus-io/milvus#28063}).
 * The official script switches it on for all four coordinators before it touches any of them (source:
 * {@code milvus-io/milvus:deployments/upgrade/rollingUpdate.sh}).
 */
public final class ActiveStandby {

    private ActiveStandby() {}

    /**
     * The settings to add before these coordinators can be upgraded one process at a time; none if all are in effect.
     *
     * @param coordinators those that run in the instance; a mixcoord or a standalone is all four in one process
     */
    public static List<Setting> missing(EffectiveConfig config, Set<Coordinator> coordinators) {
        return Arrays.stream(Coordinator.values())
                .filter(coordinators::contains)
                .map(Coordinator::activeStandby)
                .filter(wanted ->
                        config.value(wanted.name()).filter(wanted::isMetBy).isEmpty())
                .toList();
    }
}
