package io.github.milvusupgrade.k8s.preflight;

import static io.github.milvusupgrade.k8s.preflight.Rehearsed.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.NodeView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeFitTest {

    private static final String AFFINITY = "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
            + " {nodeSelectorTerms: [{matchExpressions: [%s]}]}}}";
    private static final String ANTI = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
            + " [{topologyKey: %s, labelSelector: {matchLabels: {component: %s}}}]}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|",
                "requests: 2 cores fit|",
                "requests: 3 cores do not|too small or too full for cpu 3",
                "nodeSelector: {disk: ssd}|",
                "nodeSelector: {disk: hdd}|excluded by node selector or affinity",
                "in: disk [ssd]|",
                "in: disk [hdd]|excluded by node selector or affinity",
                "gt: cores 3|",
                "gt: cores 4|excluded by node selector or affinity",
                "anti: kubernetes.io/hostname querynode|excluded by pod anti-affinity",
                "anti: zone querynode|excluded by pod anti-affinity",
                "anti: kubernetes.io/hostname proxy|",
                "anti: zone proxy|excluded by pod anti-affinity",
                "anti: no-such-label querynode|",
            })
    void aPodFitsIfNothingKeepsItAway(String pod, String obstacle) {
        assertThat(fit("{}").obstacle(PodNeeds.of(yaml(spec(pod == null ? "" : pod)))))
                .isEqualTo(java.util.Optional.ofNullable(obstacle));
    }

    @Test
    void aPodThatIsGivenAPlaceTakesRoomFromTheNext() {
        NodeView node = new NodeView(yaml("{metadata: {name: only}, status: {allocatable: {cpu: 3},"
                + " conditions: [{type: Ready, status: 'True'}]}}"));
        DeploymentView deployment = new DeploymentView(yaml("{metadata: {name: proxy}, spec: {template: {metadata:"
                + " {labels: {app: milvus}}, spec: {containers: [{name: proxy, resources: {requests: {cpu: 2}}}]}}}}"));
        PodNeeds needs = PodNeeds.of(deployment, List.of());

        PodView placed = needs.placed(deployment, "only");

        assertThat(placed.labels()).isEqualTo(Map.of("app", "milvus"));
        assertThat(new NodeFit(node, List.of(node), List.of()).obstacle(needs)).isEmpty();
        assertThat(new NodeFit(node, List.of(node), List.of(placed)).obstacle(needs))
                .contains("too small or too full for cpu 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unschedulable: true||not ready or cordoned",
                "taints: [{key: gpu, value: a, effect: NoSchedule}]||tainted",
                "taints: [{key: gpu, value: a, effect: PreferNoSchedule}]||",
                "taints: [{key: gpu, value: a, effect: NoSchedule}]|{key: gpu, value: a}|",
                "taints: [{key: gpu, value: a, effect: NoSchedule}]|{key: gpu, value: b}|tainted",
                "taints: [{key: gpu, value: a, effect: NoSchedule}]|{key: gpu, operator: Exists}|",
                "taints: [{key: gpu, value: a, effect: NoSchedule}]|{operator: Exists}|",
                "taints: [{key: gpu, value: a, effect: NoSchedule}]|{key: gpu, operator: Exists, effect: NoExecute}|tainted",
            })
    void aNodeMayKeepPodsAway(String node, String toleration, String obstacle) {
        String spec = "{containers: [], tolerations: [" + (toleration == null ? "" : toleration) + "]}";

        assertThat(fit("{" + node + "}").obstacle(PodNeeds.of(yaml(spec))))
                .isEqualTo(java.util.Optional.ofNullable(obstacle));
    }

    private static NodeFit fit(String nodeSpec) {
        NodeView here = node("a", "1", nodeSpec);
        List<PodView> pods = List.of(
                pod("querynode", "a", "Running", 2),
                pod("proxy", "b", "Running", 1),
                pod("querynode", "a", "Succeeded", 4));
        return new NodeFit(here, List.of(here, node("b", "1", "{}")), pods);
    }

    private static NodeView node(String name, String zone, String spec) {
        return new NodeView(yaml("""
                metadata: {name: %s, labels: {kubernetes.io/hostname: %s, zone: '%s', disk: ssd, cores: '4'}}
                spec: %s
                status: {allocatable: {cpu: 4}, conditions: [{type: Ready, status: 'True'}]}
                """.formatted(name, name, zone, spec)));
    }

    private static PodView pod(String component, String node, String phase, int cpu) {
        return new PodView(yaml("""
                metadata: {labels: {component: %s}}
                spec: {nodeName: %s, containers: [{resources: {requests: {cpu: %d}}}]}
                status: {phase: %s}
                """.formatted(component, node, cpu, phase)));
    }

    private static String spec(String pod) {
        String[] words = pod.split(" ");
        return switch (words[0]) {
            case "requests:" -> "containers: [{resources: {requests: {cpu: " + words[1] + "}}}]";
            case "in:" -> AFFINITY.formatted("{key: disk, operator: In, values: " + words[2] + "}");
            case "gt:" -> AFFINITY.formatted("{key: cores, operator: Gt, values: ['" + words[2] + "']}");
            case "anti:" -> ANTI.formatted(words[1], words[2]);
            default -> pod.isEmpty() ? "{}" : pod;
        };
    }
}
