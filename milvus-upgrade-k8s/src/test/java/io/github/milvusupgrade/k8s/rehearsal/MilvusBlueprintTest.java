package io.github.milvusupgrade.k8s.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MilvusBlueprintTest extends ContractFixture {

    private static RehearsalCluster cluster;
    private static int tests;

    private final String namespace = "test-" + ++tests;
    private final JsonApi api = new JsonApi(cluster.apiClient());

    @BeforeAll
    static void start() {
        cluster = RehearsalCluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    JsonApi api() {
        return api;
    }

    @Override
    String namespace() {
        return namespace;
    }

    @ParameterizedTest
    @CsvSource({
        "my-release, milvus, '', my-release-milvus",
        "milvus, milvus, '', milvus",
        "prod-milvus-1, milvus, '', prod-milvus-1",
        "my-release, vectors, '', my-release-vectors",
        "my-release, milvus, db, db"
    })
    void namesFollowTheChart(String release, String nameOverride, String fullnameOverride, String fullname) {
        assertThat(MilvusBlueprint.cluster(release)
                        .nameOverride(nameOverride)
                        .fullnameOverride(fullnameOverride)
                        .fullname())
                .isEqualTo(fullname);
    }

    @Test
    void everyMethodLeavesTheOriginalAlone() {
        MilvusBlueprint original = MilvusBlueprint.cluster("m").version("2.2.4").replicas("proxy", 2);

        original.version("2.2.16").replicas("proxy", 3).tag("proxy", "v2.2.15");

        assertThat(original.image("proxy")).isEqualTo("milvusdb/milvus:v2.2.4");
        assertThat(original.replicas("proxy")).isEqualTo(2);
    }

    @Test
    void aComponentCarriesTheLabelsOfTheChart() {
        cluster.seed(MilvusBlueprint.cluster("m")
                .namespace(namespace)
                .version("2.2.4")
                .chart("4.0.12"));

        JsonNode deployment = api.read(deployment("m-milvus-rootcoord"));
        assertThat(deployment.at("/metadata/labels"))
                .isEqualTo(JsonApi.json("{'app.kubernetes.io/name': 'milvus', 'app.kubernetes.io/instance': 'm',"
                        + " 'app.kubernetes.io/version': '2.2.4', 'app.kubernetes.io/managed-by': 'Helm',"
                        + " 'helm.sh/chart': 'milvus-4.0.12', component: 'rootcoord'}"));
        assertThat(deployment.at("/spec/selector/matchLabels"))
                .isEqualTo(deployment.at("/spec/template/metadata/labels"))
                .isEqualTo(JsonApi.json("{'app.kubernetes.io/name': 'milvus', 'app.kubernetes.io/instance': 'm',"
                        + " component: 'rootcoord'}"));
        assertThat(deployment.at("/spec/strategy/type").asText()).isEqualTo("Recreate");
        assertThat(deployment.at("/spec/template/spec/containers/0/name").asText())
                .isEqualTo("rootcoord");
        assertThat(api.read(deployment("m-milvus-querynode"))
                        .at("/spec/strategy/type")
                        .asText())
                .isEqualTo("RollingUpdate");
        assertThat(api.read(core("services/m-milvus"))
                        .at("/spec/selector/component")
                        .asText())
                .isEqualTo("proxy");
    }

    @ParameterizedTest
    @CsvSource({
        "2.1.4, milvus.yaml, false, milvus run proxy",
        "2.2.4, default.yaml user.yaml, true, /milvus/tools/run-helm.sh milvus run proxy",
        "2.5.16, default.yaml user.yaml, false, milvus run proxy"
    })
    void theConfigurationIsMountedAsTheChartOfTheTimeDid(String version, String keys, boolean merged, String args) {
        cluster.seed(MilvusBlueprint.mixcoord("m")
                .namespace(namespace)
                .version(version)
                .userYaml("proxy:\n  maxNameLength: 200\n"));

        JsonNode config = api.read(configMap("m-milvus"));
        JsonNode pod = api.read(deployment("m-milvus-proxy")).at("/spec/template/spec");
        assertThat(config.path("metadata").has("labels")).isFalse();
        assertThat(config.path("data").fieldNames()).toIterable().containsExactly(keys.split(" "));
        assertThat(pod.has("initContainers")).isEqualTo(merged);
        assertThat(Json.stream(pod.at("/containers/0/args")).map(JsonNode::asText))
                .containsExactly(args.split(" "));
        assertThat(Json.stream(pod.at("/containers/0/volumeMounts"))
                        .filter(mount -> mount.path("name").asText().equals("milvus-config"))
                        .map(mount -> mount.path("subPath").asText()))
                .containsExactly(keys.split(" "));
    }

    @Test
    void anInstanceComesWithEtcd() {
        cluster.seed(MilvusBlueprint.cluster("m").namespace(namespace));

        assertThat(api.read(apps("statefulsets/m-etcd"))
                        .at("/status/readyReplicas")
                        .asInt())
                .isEqualTo(3);
        assertThat(api.read(core("services/m-etcd")).at("/spec/ports/0/port").asInt())
                .isEqualTo(2379);
        assertThat(api.read(core("services/m-etcd-headless"))
                        .at("/spec/clusterIP")
                        .asText())
                .isEqualTo("None");
        assertThat(api.items(core("pods"), "labelSelector=app.kubernetes.io/name=etcd"))
                .extracting(pod -> pod.at("/metadata/name").asText())
                .containsExactly("m-etcd-0", "m-etcd-1", "m-etcd-2");
    }

    @Test
    void aStandaloneHasOnePodAndItsVolume() {
        cluster.seed(MilvusBlueprint.standalone("m").namespace(namespace).messageQueue("kafka"));

        assertThat(deploymentNames()).containsExactly("m-milvus-standalone");
        assertThat(api.read(core("persistentvolumeclaims/m-milvus"))
                        .at("/status/phase")
                        .asText())
                .isEqualTo("Bound");
        assertThat(api.read(configMap("m-milvus")).at("/data/default.yaml").asText())
                .contains("messageQueue: kafka");
        assertThat(api.read(core("services/m-milvus"))
                        .at("/spec/selector/component")
                        .asText())
                .isEqualTo("standalone");
    }

    @Test
    void whatElseHappensInTheField() {
        cluster.seed(MilvusBlueprint.mixcoord("m")
                .namespace(namespace)
                .version("2.3.5")
                .attu()
                .sidecarFirst("istio-proxy")
                .queryNodeGroups("rg1")
                .tag("querynode", "v2.3.9")
                .annotatePods("proxy", "sim.cluster/ready-after", "20s")
                .replicas("indexnode", 0));

        assertThat(deploymentNames())
                .containsExactly(
                        "m-milvus-attu",
                        "m-milvus-datanode",
                        "m-milvus-indexnode",
                        "m-milvus-mixcoord",
                        "m-milvus-proxy",
                        "m-milvus-querynode",
                        "m-milvus-querynode-rg1");
        JsonNode group = api.read(deployment("m-milvus-querynode-rg1"));
        assertThat(group.at("/metadata/labels/milvus.io~1resource-group").asText())
                .isEqualTo("rg1");
        assertThat(group.at("/spec/template/spec/containers/0/name").asText()).isEqualTo("istio-proxy");
        assertThat(group.at("/spec/template/spec/containers/1/image").asText()).isEqualTo("milvusdb/milvus:v2.3.9");
        assertThat(api.read(deployment("m-milvus-proxy"))
                        .at("/spec/template/metadata/annotations/sim.cluster~1ready-after")
                        .asText())
                .isEqualTo("20s");
        assertThat(api.items(core("pods"), "labelSelector=component=indexnode")).isEmpty();
    }

    @Test
    void theOperatorLabelsDifferently() {
        cluster.seed(MilvusBlueprint.cluster("m").namespace(namespace).operatorManaged());

        JsonNode labels = api.read(deployment("m-milvus-proxy")).at("/metadata/labels");
        assertThat(labels.path("app.kubernetes.io/managed-by").asText()).isEqualTo("milvus-operator");
        assertThat(labels.path("app.kubernetes.io/component").asText()).isEqualTo("proxy");
        assertThat(labels.has("component")).isFalse();
    }

    @Test
    void helmRemembersTheRelease() throws IOException {
        cluster.seed(MilvusBlueprint.cluster("m")
                .namespace(namespace)
                .version("2.2.4")
                .chart("4.0.12")
                .helmRelease());

        JsonNode secret = api.read(core("secrets/sh.helm.release.v1.m.v1"));
        assertThat(secret.path("type").asText()).isEqualTo("helm.sh/release.v1");
        assertThat(secret.at("/metadata/labels/owner").asText()).isEqualTo("helm");
        byte[] zipped = Base64.getDecoder()
                .decode(Base64.getDecoder().decode(secret.at("/data/release").asText()));
        JsonNode release;
        try (GZIPInputStream text = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            release = Json.MAPPER.readTree(text);
        }
        assertThat(release.path("name").asText()).isEqualTo("m");
        assertThat(release.at("/info/status").asText()).isEqualTo("deployed");
        assertThat(release.at("/chart/metadata/version").asText()).isEqualTo("4.0.12");
        assertThat(release.at("/chart/values/image/all/tag").asText()).isEqualTo("v2.2.4");
        assertThat(release.path("manifest").asText()).contains("m-milvus-rootcoord");
    }

    private List<String> deploymentNames() {
        return api.items(apps("deployments")).stream()
                .map(deployment -> deployment.at("/metadata/name").asText())
                .toList();
    }
}
