package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.k8s.rollout.RestartMark;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How long everybody gets to notice that the old pods of a group have nothing to do any more. That coordinators have
 * stepped down is mostly noticed last by proxies, so it depends on whether those are attentive.
 *
 * @param from the version that proxies run before the hop
 */
record Noticing(
        RollingProfile profile, RollGroup group, MilvusVersion from, ClusterSnapshot planned, LiveInstance live) {

    Duration now(StepContext context) {
        Duration others = profile.manner(group.kind()).noticing();
        if (group.kind() != ComponentKind.COORDINATORS) {
            return others;
        }
        Optional<AttentiveProxies> attentive = profile.attentiveProxies(from);
        return attentive
                .flatMap(proxies -> Optional.ofNullable(
                        proxies.after().get(group.components().get(0))))
                .or(() -> attentive
                        .filter(proxies -> proxiesAreAttentive(context))
                        .map(AttentiveProxies::noticing))
                .orElse(others);
    }

    private boolean proxiesAreAttentive(StepContext context) {
        Set<String> proxies =
                planned.workloads(Component.PROXY).stream().map(Workload::name).collect(Collectors.toSet());
        try (LiveInstance.Looking looking = live.look()) {
            List<DeploymentView> found = looking.deployments(context).stream()
                    .filter(deployment -> proxies.contains(deployment.name()))
                    .toList();
            return !found.isEmpty()
                    && found.stream()
                            .allMatch(deployment -> RestartMark.of(deployment).isPresent());
        }
    }
}
