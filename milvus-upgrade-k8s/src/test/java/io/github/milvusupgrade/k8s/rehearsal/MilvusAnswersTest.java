package io.github.milvusupgrade.k8s.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a rehearsed Milvus says of itself, and how a test makes it say something else. */
class MilvusAnswersTest {

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(100).start();
    private final JsonApi api = new JsonApi(cluster.apiClient());

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void healthIsAWordUnlessJsonIsAskedFor() throws IOException, InterruptedException {
        cluster.seed(MilvusBlueprint.cluster("m").version("2.2.16"));
        String pod = pods("rootcoord").get(0);
        HttpRequest plain = HttpRequest.newBuilder(URI.create(cluster.url() + proxied(pod) + "/healthz"))
                .build();

        HttpResponse<String> word = HttpClient.newHttpClient().send(plain, HttpResponse.BodyHandlers.ofString());

        assertThat(word.body()).isEqualTo("OK");
        assertThat(health(pod)).isEqualTo("{\"state\":\"OK\",\"detail\":[{\"name\":\"rootcoord\",\"code\":1}]}");
    }

    @Test
    void oneOfSeveralCoordinatorsIsActiveAndStaysSo() {
        cluster.seed(MilvusBlueprint.cluster("m").version("2.2.16").replicas("rootcoord", 3));

        List<String> first = pods("rootcoord").stream().map(this::health).toList();

        assertThat(first).filteredOn(health -> health.contains("\"code\":1")).hasSize(1);
        assertThat(first).filteredOn(health -> health.contains("\"code\":3")).hasSize(2);
        assertThat(pods("rootcoord").stream().map(this::health)).isEqualTo(first);
    }

    @Test
    void aCoordinatorMayStayAStandby() {
        cluster.seed(MilvusBlueprint.cluster("m").version("2.2.16"));
        InjectedFault fault = cluster.inject(PodFault.staysStandby().component("querycoord"));

        assertThat(health(pods("querycoord").get(0))).contains("\"code\":3");
        assertThat(metrics(pods("querycoord").get(0))).doesNotContain("milvus_querycoord_querynode_num");
        assertThat(fault.hits()).isPositive();

        fault.clear();
        assertThat(health(pods("querycoord").get(0))).contains("\"code\":1");
    }

    @Test
    void aCoordinatorMayHangAsItEndsAndGoOnSayingThatItIsHealthy() {
        cluster.seed(MilvusBlueprint.cluster("m").version("2.2.4").replicas("querycoord", 2));
        List<String> both = pods("querycoord");
        String active = both.stream()
                .filter(pod -> health(pod).contains("\"code\":1"))
                .findFirst()
                .orElseThrow();
        InjectedFault fault = cluster.inject(PodFault.hangsAsItEnds().podsNamed(active));

        ExecSession.Result asked =
                ExecSession.runBy("v5.channel.k8s.io", cluster, active, "querycoord", "sh", "-c", "kill -TERM 1");

        assertThat(asked.exitCode()).isZero();
        assertThat(fault.hits()).isEqualTo(1);
        assertThat(both).allSatisfy(pod -> assertThat(health(pod)).contains("\"code\":1"));
        assertThat(metrics(active)).doesNotContain("milvus_querycoord_querynode_num");
    }

    @Test
    void nodesAreCountedByTheirCoordinatorAndMayStayUnknownToIt() {
        cluster.seed(MilvusBlueprint.cluster("m").version("2.3.22").replicas("querynode", 2));
        String coordinator = pods("querycoord").get(0);
        assertThat(metrics(coordinator)).contains("\nmilvus_querycoord_querynode_num 2\n");

        cluster.inject(PodFault.neverRegisters().component("querynode"));

        assertThat(metrics(coordinator)).contains("\nmilvus_querycoord_querynode_num 0\n");
    }

    @Test
    void nodesHaveWorkAndMayTakeNone() {
        cluster.seed(MilvusBlueprint.cluster("m").version("2.2.16"));
        assertThat(metrics(pods("datanode").get(0)))
                .contains(
                        "milvus_datanode_flowgraph_num{node_id=\"1\"} 1\n",
                        "milvus_datanode_consume_tt_lag_ms{collection_id=\"1\",msg_type=\"all\"} 200\n");

        cluster.inject(PodFault.takesNothingOver().component("datanode"));

        assertThat(metrics(pods("datanode").get(0)))
                .contains("milvus_datanode_flowgraph_num{node_id=\"1\"} 0\n")
                .doesNotContain("consume_tt_lag_ms");
        assertThat(metrics(pods("querynode").get(0))).contains("milvus_querynode_collection_num{node_id=\"1\"} 1\n");
    }

    private List<String> pods(String component) {
        return api.items("/api/v1/namespaces/default/pods", "labelSelector=component=" + component).stream()
                .map(pod -> pod.at("/metadata/name").asText())
                .toList();
    }

    private String health(String pod) {
        return api.get(proxied(pod) + "/healthz").text();
    }

    private String metrics(String pod) {
        return api.get(proxied(pod) + "/metrics").text();
    }

    private static String proxied(String pod) {
        return "/api/v1/namespaces/default/pods/" + pod + ":9091/proxy";
    }
}
