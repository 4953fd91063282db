package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pods that do something and end. */
class PodWorkTest {

    private static final String PODS = "/api/v1/namespaces/default/pods";

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(20).start();
    private final JsonApi api = new JsonApi(cluster.apiClient());

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void create(String name, String... command) {
        ObjectNode pod =
                json("{metadata: {name: '" + name + "'}, spec: {restartPolicy: 'Never', containers: [{name: 'c',"
                        + " image: 'i:1', env: [{name: 'ETCDCTL_ENDPOINTS', value: 'etcd:2379'}]}]}}");
        ((ObjectNode) pod.at("/spec/containers/0"))
                .set("command", Json.object("c", List.of(command)).path("c"));
        api.create(PODS, pod);
    }

    private JsonNode awaitPhase(String name, String phase) {
        Awaitility.await(name + " to be " + phase)
                .atMost(Duration.ofSeconds(10))
                .until(() ->
                        api.read(PODS + "/" + name).at("/status/phase").asText().equals(phase));
        return api.read(PODS + "/" + name).path("status");
    }

    @Test
    void aScriptSaysHowAPodEnds() {
        cluster.podWork(pod -> new PodOutcome(
                pod.at("/metadata/name").asText().equals("work") ? Duration.ofSeconds(2) : Duration.ofDays(1),
                42,
                List.of("one", "two")));

        create("work", "anything");
        create("long", "anything");

        assertThat(Conditions.isTrue(Json.object("status", awaitPhase("long", "Running")), "Ready"))
                .isTrue();
        JsonNode ended = awaitPhase("work", "Failed").at("/containerStatuses/0/state/terminated");
        assertThat(ended.path("exitCode").asInt()).isEqualTo(42);
        assertThat(ended.path("reason").asText()).isEqualTo("Error");
        assertThat(api.get(PODS + "/work/log").text()).isEqualTo("one\ntwo\n");
        api.delete(PODS + "/work");
        assertThat(api.get(PODS + "/work/log").code()).isEqualTo(404);
    }

    @Test
    void sleepingTakesItsTimeInClusterTime() {
        create("short", "sleep", "5");
        create("long", "/bin/sleep", "infinity");
        create("wrong", "sleep", "well");

        assertThat(awaitPhase("short", "Succeeded").at("/containerStatuses/0/state/terminated/exitCode"))
                .hasToString("0");
        awaitPhase("wrong", "Failed");
        awaitPhase("long", "Running");
        api.delete(PODS + "/long");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> api.get(PODS + "/long").code() == 404);
    }

    @Test
    void aWatchOfEtcdGoesOnUnlessEtcdRefusesIt() {
        cluster.etcd().alsoAt("etcd");
        create("watch", "etcdctl", "watch", "--prefix", "by-dev/meta/session/");
        awaitPhase("watch", "Running");
        cluster.etcd().requireLogin("root", "secret");
        create("stranger", "etcdctl", "watch", "--prefix", "by-dev/meta/session/");

        JsonNode ended = awaitPhase("stranger", "Failed");
        assertThat(ended.at("/containerStatuses/0/state/terminated/exitCode").asInt())
                .isEqualTo(1);
        assertThat(api.get(PODS + "/stranger/log").text()).endsWith("Error: etcdserver: user name is empty\n");
    }

    @Test
    void aFaultOfPodsEndsTheProgram() {
        create("work", "sleep", "infinity");
        awaitPhase("work", "Running");

        cluster.inject(PodFault.outOfMemory().podsNamed("work"));

        JsonNode ended = awaitPhase("work", "Failed").at("/containerStatuses/0/state/terminated");
        assertThat(ended.path("reason").asText()).isEqualTo("OOMKilled");
        assertThat(ended.path("exitCode").asInt()).isEqualTo(137);
    }

    @Test
    void anyOtherProgramSucceedsSoon() {
        create("other", "do", "something");

        assertThat(awaitPhase("other", "Succeeded").at("/containerStatuses/0/state/terminated/reason"))
                .hasToString("\"Completed\"");
    }
}
