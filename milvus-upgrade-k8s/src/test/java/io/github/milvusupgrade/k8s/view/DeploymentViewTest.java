package io.github.milvusupgrade.k8s.view;

import static io.github.milvusupgrade.k8s.view.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentViewTest {

    @Test
    void readsWhatAnUpgradeNeeds() {
        DeploymentView proxy = new DeploymentView(json("""
                {"metadata":{"name":"rel-proxy","namespace":"milvus","uid":"u1","resourceVersion":"77","generation":5,
                    "creationTimestamp":"2026-01-02T03:04:05Z",
                    "labels":{"component":"proxy"},"annotations":{"a":"b"}},
                 "spec":{"replicas":3,"paused":true,"minReadySeconds":30,"progressDeadlineSeconds":2592000,
                   "strategy":{"type":"Recreate","rollingUpdate":{"maxSurge":"25%"}},
                   "selector":{"matchLabels":{"app":"milvus","component":"proxy"},
                     "matchExpressions":[{"key":"tier","operator":"In","values":["a","b"]},
                       {"key":"x","operator":"NotIn","values":["y"]},
                       {"key":"canary","operator":"DoesNotExist"},{"key":"live","operator":"Exists"}]},
                   "template":{"spec":{
                     "initContainers":[{"name":"config","image":"milvusdb/milvus-config-tool:v0.1.0"}],
                     "containers":[{"name":"istio","image":"istio:1"},{"name":"proxy","image":"milvusdb/milvus:v2.2.4"}],
                     "volumes":[{"name":"milvus-config","configMap":{"name":"rel-milvus"}}]}}},
                 "status":{"observedGeneration":4,"replicas":4,"updatedReplicas":2,"readyReplicas":3,
                   "availableReplicas":1,"unavailableReplicas":5,
                   "conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded",
                     "message":"timed out"}]}}"""));

        assertThat(proxy.name()).isEqualTo("rel-proxy");
        assertThat(proxy.namespace()).isEqualTo("milvus");
        assertThat(proxy.uid()).isEqualTo("u1");
        assertThat(proxy.resourceVersion()).isEqualTo("77");
        assertThat(proxy.generation()).isEqualTo(5);
        assertThat(proxy.createdAt()).contains(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(proxy.labels()).isEqualTo(Map.of("component", "proxy"));
        assertThat(proxy.annotations()).isEqualTo(Map.of("a", "b"));
        assertThat(proxy.replicas()).isEqualTo(3);
        assertThat(proxy.paused()).isTrue();
        assertThat(proxy.strategyType()).isEqualTo("Recreate");
        assertThat(proxy.rollingUpdate()).isEqualTo(json("{\"maxSurge\":\"25%\"}"));
        assertThat(proxy.minReadySeconds()).isEqualTo(30);
        assertThat(proxy.progressDeadlineSeconds()).isEqualTo(2_592_000);
        assertThat(DeploymentView.selectorOfAny(List.of(proxy)))
                .isEqualTo("app=milvus,component=proxy,tier in (a,b),x notin (y),!canary,live");
        assertThat(proxy.containers())
                .containsExactly(
                        new ContainerSpec("istio", "istio:1"), new ContainerSpec("proxy", "milvusdb/milvus:v2.2.4"));
        assertThat(proxy.initContainers())
                .containsExactly(new ContainerSpec("config", "milvusdb/milvus-config-tool:v0.1.0"));
        assertThat(proxy.volumes())
                .containsExactly(json("{\"name\":\"milvus-config\",\"configMap\":{\"name\":\"rel-milvus\"}}"));
        assertThat(proxy.observedGeneration()).isEqualTo(4);
        assertThat(proxy.currentReplicas()).isEqualTo(4);
        assertThat(proxy.updatedReplicas()).isEqualTo(2);
        assertThat(proxy.readyReplicas()).isEqualTo(3);
        assertThat(proxy.availableReplicas()).isEqualTo(1);
        assertThat(proxy.unavailableReplicas()).isEqualTo(5);
        assertThat(proxy.condition("Progressing"))
                .contains(new Condition("Progressing", "False", "ProgressDeadlineExceeded", "timed out"));
        assertThat(proxy.condition("Available")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"metadata\":null,\"spec\":null,\"status\":null}",
                "{\"metadata\":{\"name\":null,\"labels\":null},\"spec\":{\"replicas\":null,\"strategy\":null,"
                        + "\"selector\":null,\"template\":{\"spec\":{\"containers\":null}}},"
                        + "\"status\":{\"conditions\":null}}",
                "{\"metadata\":[],\"spec\":\"text\",\"status\":7}"
            })
    void missingNullAndStrangeFieldsReadAsTheDefaultsOfKubernetes(String text) {
        DeploymentView empty = new DeploymentView(json(text));

        assertThat(empty.name()).isEmpty();
        assertThat(empty.generation()).isZero();
        assertThat(empty.labels()).isEmpty();
        assertThat(empty.createdAt()).isEmpty();
        assertThat(empty.deleting()).isFalse();
        assertThat(empty.controllerUid()).isEmpty();
        assertThat(empty.replicas()).isEqualTo(1);
        assertThat(empty.paused()).isFalse();
        assertThat(empty.strategyType()).isEqualTo("RollingUpdate");
        assertThat(empty.minReadySeconds()).isZero();
        assertThat(empty.progressDeadlineSeconds()).isEqualTo(600);
        assertThat(DeploymentView.selectorOfAny(List.of(empty))).isEmpty();
        assertThat(empty.containers()).isEmpty();
        assertThat(empty.volumes()).isEmpty();
        assertThat(empty.updatedReplicas()).isZero();
        assertThat(empty.conditions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{app: milvus, component: proxy} | {app: milvus, component: proxy} | app=milvus,component=proxy",
                "{app: milvus, component: b} | {app: milvus, component: a} | app=milvus,component in (a,b)",
                "{app: milvus, component: a, tier: x} | {app: milvus, component: b} | app=milvus,component in (a,b)",
                "{component: a} | {role: b} | ''",
                "{app: milvus} | {} | ''",
            })
    void oneSelectorForThePodsOfSeveralLeavesOutNoneOfThem(String one, String other, String selector) {
        assertThat(DeploymentView.selectorOfAny(List.of(selecting(one), selecting(other))))
                .isEqualTo(selector);
    }

    @Test
    void aSelectorOfSeveralKeepsTheExpressionsThatTheyShare() {
        DeploymentView shared = new DeploymentView(json("{\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"1\"},"
                + "\"matchExpressions\":[{\"key\":\"canary\",\"operator\":\"DoesNotExist\"},"
                + "{\"key\":\"live\",\"operator\":\"Exists\"}]}}}"));
        DeploymentView other = new DeploymentView(json("{\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"2\"},"
                + "\"matchExpressions\":[{\"key\":\"canary\",\"operator\":\"DoesNotExist\"}]}}}"));

        assertThat(DeploymentView.selectorOfAny(List.of(shared, other))).isEqualTo("!canary,a in (1,2)");
    }

    private static DeploymentView selecting(String labels) {
        return new DeploymentView(
                JsonApi.json("{spec: {selector: {matchLabels: " + labels.replaceAll(": (\\w+)", ": '$1'") + "}}}"));
    }

    @Test
    void zeroReplicasAreNotTheDefault() {
        assertThat(new DeploymentView(json("{\"spec\":{\"replicas\":0}}")).replicas())
                .isZero();
    }
}
