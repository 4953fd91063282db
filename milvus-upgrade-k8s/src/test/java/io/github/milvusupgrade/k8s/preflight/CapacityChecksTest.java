package io.github.milvusupgrade.k8s.preflight;

import static io.github.milvusupgrade.k8s.preflight.Rehearsed.DEPLOYMENTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** P14 to P16: whether there is room for new pods, and an image for them. */
class CapacityChecksTest {

    private static final String NODES = "/api/v1/nodes";

    private final Rehearsed given = Rehearsed.cluster();

    @AfterEach
    void stop() {
        given.close();
    }

    @Test
    void p14PassesWithoutQuota() {
        assertThat(given.finding("P14")).isEqualTo("PASS    P14  Namespace default has no quota.");
    }

    @Test
    void p14PassesIfTheGreatestStepFits() {
        createQuota("team", "pods: '14'");

        assertThat(given.finding("P14"))
                .isEqualTo(
                        "PASS    P14  Quota team of namespace default has room for the pods that start beside old ones.");
    }

    @Test
    void p14FailsIfPodsThatStartTogetherDoNotFit() {
        createQuota("team", "pods: '13'");

        assertThat(given.finding("P14"))
                .startsWith("FAIL    P14  Quotas of namespace default leave no room for the pods that start beside old"
                        + " ones: pods that start together, one of my-release-milvus-datacoord, one of"
                        + " my-release-milvus-indexcoord, one of my-release-milvus-querycoord, take pods 3, but quota"
                        + " team has 2 left (11 of 13 used)")
                .endsWith("Raise the quota for the time of the upgrade, or remove pods that are not needed.");
    }

    @Test
    void p14FailsIfNoOtherPodIsAllowed() {
        createQuota("team", "pods: '11'");

        assertThat(given.finding("P14"))
                .startsWith(
                        "FAIL    P14  Quotas of namespace default leave no room for the pods that start beside old"
                                + " ones: a pod of my-release-milvus-rootcoord takes pods 1, but quota team has 0 left (11 of 11 used);")
                .endsWith("Raise the quota for the time of the upgrade, or remove pods that are not needed.");
    }

    @Test
    void p14LeavesOutComponentsWithoutPods() {
        given.plan()
                .snapshot()
                .workloads()
                .forEach(workload -> given.patch(DEPLOYMENTS + workload.name(), "{spec: {replicas: 0}}"));
        createQuota("team", "pods: '0'");

        assertThat(given.finding("P14")).startsWith("PASS ");
    }

    @Test
    void p14IsUndecidedWhileNothingWasCounted() {
        try (CannedApi server = CannedApi.ofVersion("v1.34.0")
                .answers(
                        "/apis/apps/v1/namespaces/default/deployments",
                        "items: [{metadata: {name: my-release-milvus-proxy}}]")
                .answers(
                        "/api/v1/namespaces/default/resourcequotas",
                        "items: [{metadata: {name: new}, spec: {hard: {pods: '50'}}}]")) {
            LiveCluster live = server.live();
            Surges oneByOne = snapshot -> live.deployments().stream()
                    .map(deployment -> List.of(new Surges.Surge(deployment, 1)))
                    .toList();
            assertThat(new QuotaHasRoom(live, oneByOne)
                            .examine(given.plan().snapshot())
                            .toString())
                    .isEqualTo(
                            "UNKNOWN P14  Kubernetes has not counted yet what is used of pods (quota new). Start again"
                                    + " in a few seconds.");
        }
    }

    @Test
    void p15PassesIfANodeTakesEachPod() {
        assertThat(given.finding("P15"))
                .isEqualTo(
                        "PASS    P15  For the pods that start beside old ones there is room on 3 nodes, not counting what"
                                + " other namespaces use.");
    }

    @Test
    void p15WarnsIfNoNodeTakesAnotherPod() {
        given.api
                .items(NODES)
                .forEach(node ->
                        given.patch(NODES + "/" + node.at("/metadata/name").asText(), "{spec: {unschedulable: true}}"));

        assertThat(given.finding("P15"))
                .startsWith("WARN    P15  No node takes one more pod of my-release-milvus-rootcoord (of 3 nodes: 3 not"
                        + " ready or cordoned); my-release-milvus-proxy (of 3 nodes: 3 not ready or cordoned);")
                .endsWith("Make room or add a node; a cluster autoscaler may do it. Otherwise the rollout says"
                        + " Unschedulable within a minute and leaves the old pods running.");
    }

    @Test
    void p15WarnsWhereNodesMayNotBeRead() {
        given.cluster.inject(ApiFault.forbidden().on("list", "nodes"));

        assertThat(given.finding("P15"))
                .isEqualTo(
                        "WARN    P15  Nodes may not be read by this account, so whether they take the pods that start"
                                + " beside old ones is not known. If the cluster is nearly full, allow the account to list nodes and"
                                + " start again.");
    }

    @Test
    void p16WarnsOfAnImageThatNoNodeHas() {
        given.patch(
                DEPLOYMENTS + "my-release-milvus-proxy",
                "{spec: {template: {spec: {imagePullSecrets: [{name: registry}]}}}}");

        assertThat(given.finding("P16"))
                .isEqualTo(
                        "WARN    P16  Whether milvusdb/milvus:v2.2.16 exists cannot be seen from the API server: it is"
                                + " on none of its nodes. If it does not, the first rollout says so as soon as a kubelet has"
                                + " asked, and the old pods keep running. Check the tag and the pull secret registry.");
    }

    @Test
    void p16PassesIfANodeHasTheImage() {
        String node = given.api.items(NODES).get(0).at("/metadata/name").asText();
        given.patch(
                NODES + "/" + node + "/status",
                "{status: {images: [{names: ['docker.io/milvusdb/milvus:v2.2.16'], sizeBytes: 1}]}}");

        assertThat(given.finding("P16")).isEqualTo("PASS    P16  On some node already: milvusdb/milvus:v2.2.16.");
    }

    @Test
    void p16SaysIfNodesMayNotBeRead() {
        given.cluster.inject(ApiFault.forbidden().on("list", "nodes"));

        assertThat(given.finding("P16"))
                .startsWith(
                        "WARN    P16  Whether milvusdb/milvus:v2.2.16 exists cannot be seen from the API server, and"
                                + " nodes may not be read by this account. ");
    }

    private void createQuota(String name, String hard) {
        String quotas = "/api/v1/namespaces/default/resourcequotas";
        given.create(quotas, "{metadata: {name: " + name + "}, spec: {hard: {" + hard + "}}}");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() ->
                        given.api.read(quotas + "/" + name).at("/status/used").has("pods"));
    }
}
