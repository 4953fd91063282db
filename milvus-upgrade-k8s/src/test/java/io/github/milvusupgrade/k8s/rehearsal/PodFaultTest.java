package io.github.milvusupgrade.k8s.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodFaultTest extends ContractFixture {

    private static final String QUERY_NODE = "m-milvus-querynode";

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(40).start();
    private final JsonApi api = new JsonApi(cluster.apiClient());

    @BeforeEach
    void seed() {
        cluster.seed(MilvusBlueprint.cluster("m").version("2.2.4").replicas("etcd", 1));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Override
    JsonApi api() {
        return api;
    }

    @Override
    String namespace() {
        return "default";
    }

    static Stream<Arguments> faultsOfContainers() {
        return Stream.of(
                Arguments.of(PodFault.imageMissing(), "ImagePullBackOff"),
                Arguments.of(PodFault.invalidImageName(), "InvalidImageName"),
                Arguments.of(PodFault.configError(), "CreateContainerConfigError"),
                Arguments.of(PodFault.crashLoop(), "CrashLoopBackOff"),
                Arguments.of(PodFault.outOfMemory(), "CrashLoopBackOff"));
    }

    @ParameterizedTest
    @MethodSource("faultsOfContainers")
    void holdsUpTheRolloutUntilItIsCleared(PodFault fault, String reason) {
        InjectedFault injected = cluster.inject(fault.component("querynode").tag("v2.2.16"));

        setMilvusImage("querynode", "v2.2.16");
        eventually(() -> assertThat(waitingReasons("querynode")).contains(reason));
        assertThat(injected.hits()).isPositive();
        assertThat(api.read(deployment(QUERY_NODE))
                        .at("/status/availableReplicas")
                        .asInt())
                .isEqualTo(1);

        injected.clear();
        awaitRolledOut(QUERY_NODE);
    }

    @Test
    void hitsNobodyElse() {
        cluster.inject(PodFault.imageMissing().component("querynode").tag("v2.2.16"));

        setMilvusImage("datanode", "v2.2.16");
        setMilvusImage("querynode", "v2.2.15");

        awaitRolledOut("m-milvus-datanode");
        awaitRolledOut(QUERY_NODE);
    }

    @Test
    void aCrashOnceIsOvercome() {
        cluster.inject(PodFault.crashOnce().component("querynode"));

        setMilvusImage("querynode", "v2.2.16");
        awaitRolledOut(QUERY_NODE);

        assertThat(newestPod("querynode")
                        .at("/status/containerStatuses/0/restartCount")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aPodThatIsNeverReadyRunsAllTheSame() {
        InjectedFault fault = cluster.inject(PodFault.neverReady().component("querynode"));

        setMilvusImage("querynode", "v2.2.16");
        eventually(() ->
                assertThat(newestPod("querynode").at("/status/phase").asText()).isEqualTo("Running"));
        assertThat(api.read(deployment(QUERY_NODE))
                        .at("/status/unavailableReplicas")
                        .asInt())
                .isEqualTo(1);

        fault.clear();
        awaitRolledOut(QUERY_NODE);
    }

    @Test
    void aSlowPodTakesItsTime() {
        cluster.inject(PodFault.slow(Duration.ofSeconds(60)).component("querynode"));

        long start = System.nanoTime();
        setMilvusImage("querynode", "v2.2.16");
        awaitRolledOut(QUERY_NODE);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1500));
    }

    @Test
    void aSlowPodThatIsFreedTakesItsUsualTime() {
        InjectedFault fault = cluster.inject(PodFault.slow(Duration.ofDays(1)).component("querynode"));
        setMilvusImage("querynode", "v2.2.16");
        eventually(() ->
                assertThat(newestPod("querynode").at("/status/phase").asText()).isEqualTo("Running"));

        fault.clear();

        awaitRolledOut(QUERY_NODE);
    }

    @Test
    void aPodWithoutANodeSaysSo() {
        InjectedFault fault = cluster.inject(PodFault.unschedulable().component("querynode"));

        setMilvusImage("querynode", "v2.2.16");
        eventually(() -> assertThat(condition(newestPod("querynode"), "PodScheduled")
                        .path("reason")
                        .asText())
                .isEqualTo("Unschedulable"));
        assertThat(api.items(core("events"), "fieldSelector=reason=FailedScheduling"))
                .hasSize(1);

        fault.clear();
        awaitRolledOut(QUERY_NODE);
    }

    @Test
    void aRefusedPodIsAReplicaFailure() {
        InjectedFault fault = cluster.inject(PodFault.refusedByQuota().component("querynode"));

        setMilvusImage("querynode", "v2.2.16");
        eventually(() -> assertThat(condition(api.read(deployment(QUERY_NODE)), "ReplicaFailure")
                        .path("message")
                        .asText())
                .contains("is forbidden: exceeded quota: rehearsed, requested: pods=1"));

        fault.clear();
        JsonNode deployment = awaitRolledOut(QUERY_NODE);
        assertThat(Conditions.find(deployment, "ReplicaFailure")).isEmpty();
    }

    @Test
    void aPodThatCannotStopHoldsUpRecreate() {
        InjectedFault fault = cluster.inject(PodFault.stuckTerminating().component("rootcoord"));

        setMilvusImage("rootcoord", "v2.2.16");
        eventually(() -> assertThat(milvusPods("rootcoord")).singleElement().satisfies(pod -> {
            assertThat(PodView.isTerminating(pod)).isTrue();
            assertThat(pod.at("/spec/containers/0/image").asText()).isEqualTo("milvusdb/milvus:v2.2.4");
        }));

        fault.clear();
        awaitRolledOut("m-milvus-rootcoord");
    }

    @Test
    void aForcedDeletionFreesAStuckPod() {
        cluster.inject(PodFault.stuckTerminating().component("rootcoord"));
        setMilvusImage("rootcoord", "v2.2.16");
        eventually(() -> assertThat(milvusPods("rootcoord")).allMatch(PodView::isTerminating));

        String pod = milvusPods("rootcoord").get(0).at("/metadata/name").asText();
        api.delete(core("pods/" + pod), "gracePeriodSeconds=0");

        awaitRolledOut("m-milvus-rootcoord");
    }

    @Test
    void crashesHaveALogOfThePreviousLife() {
        cluster.inject(PodFault.crashLoop().component("querynode"));
        cluster.podLogs((pod, container, previous) ->
                previous && container.equals("querynode") ? List.of("panic: no such collection") : null);

        setMilvusImage("querynode", "v2.2.16");
        eventually(() -> assertThat(waitingReasons("querynode")).contains("CrashLoopBackOff"));

        String pod = newestPod("querynode").at("/metadata/name").asText();
        assertThat(api.get(core("pods/" + pod + "/log"), "container=querynode", "previous=true")
                        .text())
                .isEqualTo("panic: no such collection\n");
    }

    @Test
    void aPodOutsideAnyComponentIsFoundByItsName() {
        cluster.inject(PodFault.crashLoop().podsNamed("milvus-migrate-"));

        for (String name : List.of("milvus-migrate-1", "milvus-backup-1")) {
            api.create(
                    core("pods"),
                    JsonApi.json("{metadata: {name: '" + name
                            + "'}, spec: {restartPolicy: 'Never', containers: [{name: 'main', image: 'm:1'}]}}"));
        }

        eventually(() -> assertThat(phase("milvus-migrate-1")).isEqualTo("Failed"));
        eventually(() -> assertThat(phase("milvus-backup-1")).isEqualTo("Succeeded"));
    }

    private String phase(String pod) {
        return api.read(core("pods/" + pod)).at("/status/phase").asText();
    }

    private void setMilvusImage(String component, String tag) {
        api.patch(
                JsonApi.STRATEGIC_PATCH,
                deployment("m-milvus-" + component),
                "{spec: {template: {spec: {containers: [{name: '%s', image: 'milvusdb/milvus:%s'}]}}}}"
                        .formatted(component, tag));
    }

    private List<JsonNode> milvusPods(String component) {
        return api.items(core("pods"), "labelSelector=component=" + component);
    }

    private JsonNode newestPod(String component) {
        return milvusPods(component).stream()
                .filter(pod -> !pod.at("/spec/containers/0/image").asText().endsWith("v2.2.4"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no new pod yet"));
    }

    private List<String> waitingReasons(String component) {
        return milvusPods(component).stream()
                .map(pod -> pod.at("/status/containerStatuses/0/state/waiting/reason")
                        .asText())
                .toList();
    }
}
