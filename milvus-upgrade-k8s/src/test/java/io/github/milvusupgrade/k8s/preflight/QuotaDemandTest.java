package io.github.milvusupgrade.k8s.preflight;

import static io.github.milvusupgrade.k8s.preflight.Rehearsed.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.view.QuotaView;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaDemandTest {

    private static final String POD = """
            priorityClassName: gold
            containers:
            - {name: querynode, resources: {requests: {cpu: 1500m, memory: 4Gi}, limits: {cpu: 2, memory: 4Gi, nvidia.com/gpu: 1}}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pods|10|9|",
                "pods|10|10|takes pods 1, but quota q has 0 left (10 of 10 used)",
                "pods|8|11|takes pods 1, but quota q has 0 left (11 of 8 used)",
                "count/pods|10|10|takes count/pods 1, but quota q has 0 left (10 of 10 used)",
                "cpu|4|2500m|",
                "cpu|4|2501m|takes cpu 1500m, but quota q has 1499m left (2501m of 4 used)",
                "requests.cpu|4|3|takes requests.cpu 1500m, but quota q has 1 left (3 of 4 used)",
                "memory|8Gi|4Gi|",
                "requests.memory|8Gi|4097Mi|takes requests.memory 4Gi, but quota q has 4095Mi left (4097Mi of 8Gi used)",
                "limits.cpu|4|3|takes limits.cpu 2, but quota q has 1 left (3 of 4 used)",
                "limits.memory|8Gi|8Gi|takes limits.memory 4Gi, but quota q has 0 left (8Gi of 8Gi used)",
                "requests.nvidia.com/gpu|1|1|takes requests.nvidia.com/gpu 1, but quota q has 0 left (1 of 1 used)",
                "requests.storage|1Gi|1Gi|",
                "services|1|1|",
                "count/configmaps|1|1|",
            })
    void aPodIsWeighedAgainstEachResource(String resource, String hard, String used, String shortage) {
        QuotaDemand demand =
                demand("{hard: {" + resource + ": " + hard + "}}", "{" + resource + ": " + used + "}", POD);

        assertThat(String.join("; ", demand.shortages())).isEqualTo(shortage == null ? "" : shortage);
        assertThat(demand.uncounted()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scopes: [NotTerminating]|true",
                "scopes: [Terminating]|false",
                "scopes: [NotBestEffort]|true",
                "scopes: [BestEffort]|false",
                "scopes: [NotTerminating, BestEffort]|false",
                "scopes: [FromTheFuture]|false",
                "scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [gold]}]}|true",
                "scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [tin]}]}|false",
                "scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: NotIn, values: [tin]}]}|true",
                "scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: Exists}]}|true",
                "scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: DoesNotExist}]}|false",
            })
    void aQuotaIsOnlyAboutPodsOfItsScopes(String scopes, boolean applies) {
        QuotaDemand demand = demand("{hard: {pods: 1}, " + scopes + "}", "{pods: 1}", POD);

        assertThat(demand.shortages().isEmpty()).isEqualTo(!applies);
    }

    @Test
    void aContainerThatDoesNotSayWhatItTakesIsRefusedByAQuotaThatCountsIt() {
        QuotaDemand demand = demand(
                "{hard: {requests.cpu: 10, limits.memory: 10Gi, pods: 5}}",
                "{requests.cpu: 0, limits.memory: 0, pods: 0}",
                "containers: [{name: querynode, resources: {requests: {cpu: 1, memory: 1Gi}}}]");

        assertThat(demand.shortages())
                .containsExactly(
                        "does not state limits.memory, as quota q demands of every container unless a LimitRange"
                                + " does");
    }

    @Test
    void whatWasNotCountedYetIsNamed() {
        QuotaDemand demand = demand("{hard: {pods: 5, requests.cpu: 10, services: 1}}", "{requests.cpu: 1}", POD);

        assertThat(demand.shortages()).isEmpty();
        assertThat(demand.uncounted()).containsExactly("pods (quota q)");
    }

    @Test
    void podsThatStartTogetherAreWeighedTogetherButOnlyThoseThatTheQuotaIsAbout() {
        String spec = "{hard: {pods: 10, cpu: 4}, scopeSelector: {matchExpressions:"
                + " [{scopeName: PriorityClass, operator: In, values: [gold]}]}}";
        String other = "{priorityClassName: tin, containers: [{name: a, resources: {requests: {cpu: 9}}}]}";

        assertThat(demand(spec, "{pods: 8, cpu: 2}", List.of(POD, other)).shortages())
                .isEmpty();
        assertThat(demand(spec, "{pods: 8, cpu: 2}", List.of(POD, POD, other)).shortages())
                .containsExactly("take cpu 3, but quota q has 2 left (2 of 4 used)");
    }

    private static QuotaDemand demand(String spec, String used, String pod) {
        return demand(spec, used, List.of(pod));
    }

    private static QuotaDemand demand(String spec, String used, List<String> pods) {
        return QuotaDemand.of(
                new QuotaView(yaml("{metadata: {name: q}, spec: " + spec + ", status: {used: " + used + "}}")),
                pods.stream().map(pod -> PodNeeds.of(yaml(pod))).toList());
    }
}
