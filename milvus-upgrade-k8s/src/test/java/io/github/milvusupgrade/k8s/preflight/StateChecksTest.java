package io.github.milvusupgrade.k8s.preflight;

import static io.github.milvusupgrade.k8s.preflight.Rehearsed.DEPLOYMENTS;
import static io.github.milvusupgrade.k8s.preflight.Rehearsed.PROXY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.rehearsal.PodFault;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** P05, P10 to P13: what runs, and how it fares. */
class StateChecksTest {

    private static final String PODS = "/api/v1/namespaces/default/pods";

    private final Rehearsed given = Rehearsed.cluster();

    @AfterEach
    void stop() {
        given.close();
    }

    @Test
    void p05PassesIfEveryPodRunsWhatItsDeploymentSays() {
        assertThat(given.finding("P05")).isEqualTo("PASS    P05  8 pods of 8 Deployments run 2.2.4.");
    }

    @Test
    void p05FailsIfComponentsRunDifferentVersions() {
        given.plan();
        given.patch(PROXY, proxyWithImage("milvusdb/milvus:v2.2.9"));

        assertThat(given.finding("P05"))
                .isEqualTo("FAIL    P05  The path starts from 2.2.4, but default/my-release runs"
                        + " {2.2.4=[my-release-milvus-datacoord, my-release-milvus-datanode, my-release-milvus-indexcoord,"
                        + " my-release-milvus-indexnode, my-release-milvus-querycoord, my-release-milvus-querynode,"
                        + " my-release-milvus-rootcoord], 2.2.9=[my-release-milvus-proxy]}. Bring all components to one"
                        + " version first: resume or roll back the run that was interrupted, or make a new plan.");
    }

    @Test
    void p05FailsIfAPodRunsSomethingElseThanItsDeploymentSays() {
        String pod = proxyPod().at("/metadata/name").asText();
        given.plan();
        given.setImage(PODS + "/" + pod, "milvusdb/milvus:v2.2.3");

        assertThat(given.finding("P05"))
                .isEqualTo("FAIL    P05  Not every pod runs what its Deployment says: pod " + pod
                        + " runs milvusdb/milvus:v2.2.3, Deployment my-release-milvus-proxy says"
                        + " milvusdb/milvus:v2.2.4. Wait for the rollout that is going on, or delete pods that nobody"
                        + " replaces.");
    }

    @Test
    void p05AcceptsARegistryThatAWebhookPutInFront() {
        String pod = proxyPod().at("/metadata/name").asText();
        given.setImage(PODS + "/" + pod, "mirror.local:5000/milvusdb/milvus:v2.2.4");

        assertThat(given.finding("P05")).startsWith("PASS ");
    }

    @Test
    void p10PassesAtRest() {
        assertThat(given.finding("P10")).isEqualTo("PASS    P10  All 8 Deployments are rolled out and at rest.");
    }

    @Test
    void p10FailsOnAPausedDeployment() {
        given.patch(PROXY, "{spec: {paused: true}}");

        assertThat(given.finding("P10"))
                .isEqualTo(
                        "FAIL    P10  Something is going on in default/my-release already: my-release-milvus-proxy is"
                                + " paused. Wait for it (kubectl rollout status), resume what is paused (kubectl rollout resume),"
                                + " then start again.");
    }

    @Test
    void p10FailsDuringARollout() {
        given.plan();
        given.cluster.inject(PodFault.neverReady().component("querynode"));
        given.patch(DEPLOYMENTS + "my-release-milvus-querynode", "{spec: {template: {metadata: {labels: {x: y}}}}}");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> given.api
                                .read(DEPLOYMENTS + "my-release-milvus-querynode")
                                .at("/status/updatedReplicas")
                                .asInt()
                        == 1);

        assertThat(given.finding("P10"))
                .startsWith("FAIL    P10  Something is going on in default/my-release already:"
                        + " my-release-milvus-querynode is being rolled out (1 of 1 pods updated, 1 old ones left).");
    }

    @Test
    void p10FailsOnAPodThatDoesNotGo() {
        given.cluster.inject(PodFault.stuckTerminating().component("proxy"));
        String pod = proxyPod().at("/metadata/name").asText();
        given.api.delete(PODS + "/" + pod);

        assertThat(given.finding("P10")).contains("pod " + pod + " of my-release-milvus-proxy is terminating");
    }

    @Test
    void p11PassesIfAllIsWell() {
        assertThat(given.finding("P11")).isEqualTo("PASS    P11  All 8 pods are ready, and their nodes are well.");
    }

    @Test
    void p11FailsOnADeploymentWithoutItsPods() {
        given.plan();
        given.cluster.inject(PodFault.crashLoop().component("proxy"));
        given.api.delete(PODS + "/" + proxyPod().at("/metadata/name").asText());
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> given.api.items(PODS, "labelSelector=component=proxy").stream()
                        .anyMatch(pod -> pod.at("/status/containerStatuses/0/state/waiting/reason")
                                .asText()
                                .equals("CrashLoopBackOff")));

        assertThat(given.finding("P11"))
                .matches(
                        "FAIL    P11  default/my-release is not healthy: my-release-milvus-proxy has 0 of 1 pods available"
                                + " \\(pod my-release-milvus-proxy-\\S+ is Running, proxy (CrashLoopBackOff|ended with Error)\\)\\. Bring it"
                                + " back first \\(kubectl describe pod\\): an upgrade would add to the outage\\.");
    }

    @Test
    void p11WarnsOfAContainerThatRestartedLately() {
        given.cluster.inject(PodFault.crashOnce().component("proxy"));
        given.api.delete(PODS + "/" + proxyPod().at("/metadata/name").asText());
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> given.api
                                        .items(PODS, "labelSelector=component=proxy")
                                        .size()
                                == 1
                        && proxyPod()
                                        .at("/status/containerStatuses/0/restartCount")
                                        .asInt()
                                == 1
                        && given.api.read(PROXY).at("/status/availableReplicas").asInt() == 1);

        assertThat(given.finding("P11"))
                .matches("WARN    P11  All 8 pods are ready, but container proxy of pod my-release-milvus-proxy-\\S+"
                        + " restarted in the last 10 min \\(1 restarts in all, the last one after Error\\)\\. Look"
                        + " whether this is expected before you go on\\.");
    }

    @Test
    void p11WarnsOfANodeUnderPressure() {
        String node = proxyPod().at("/spec/nodeName").asText();
        given.patch("/api/v1/nodes/" + node + "/status", """
                status: {conditions: [{type: Ready, status: 'True'}, {type: DiskPressure, status: 'True'}]}""");

        assertThat(given.finding("P11"))
                .isEqualTo("WARN    P11  All 8 pods are ready, but node " + node
                        + " has DiskPressure. Look whether this is expected before you go on.");
    }

    @Test
    void p11WarnsWhereNodesMayNotBeRead() {
        given.cluster.inject(ApiFault.forbidden().on("list", "nodes"));

        assertThat(given.finding("P11"))
                .isEqualTo(
                        "WARN    P11  All 8 pods are ready, but nodes may not be read by this account, so their state"
                                + " is not known. Look whether this is expected before you go on.");
    }

    @Test
    void p12NamesTheAutoscalersOfComponentsOnly() {
        assertThat(given.finding("P12"))
                .isEqualTo("PASS    P12  No HorizontalPodAutoscaler scales a component of default/my-release.");
        createAutoscaler("queries", "my-release-milvus-querynode");
        createAutoscaler("other", "website");

        assertThat(given.finding("P12"))
                .isEqualTo(
                        "WARN    P12  HorizontalPodAutoscaler queries scales my-release-milvus-querynode between 2 and"
                                + " 6. Nothing has to be done: a rollout follows the number of pods that is wanted. To keep it"
                                + " still, set minReplicas and maxReplicas to it for the time of the upgrade.");
    }

    @Test
    void p13WarnsOfABudgetWithoutRoomAndOfACordonedNode() {
        assertThat(given.finding("P13"))
                .isEqualTo("PASS    P13  Disruption budgets have room, and no node is seen to be drained.");
        createBudget("proxies", "component: proxy");
        createBudget("others", "component: website");
        String node = proxyPod().at("/spec/nodeName").asText();
        given.patch("/api/v1/nodes/" + node, "{spec: {unschedulable: true}}");

        assertThat(given.finding("P13"))
                .isEqualTo("WARN    P13  PodDisruptionBudget proxies allows no disruption now; node " + node
                        + ", where pods of default/my-release run, is cordoned. The rollout itself is not held back, but"
                        + " do not drain nodes while it goes on.");
    }

    private JsonNode proxyPod() {
        return given.api.items(PODS, "labelSelector=component=proxy").get(0);
    }

    private static String proxyWithImage(String image) {
        return "{spec: {template: {spec: {containers: [{name: proxy, image: '" + image + "'}]}}}}";
    }

    private void createAutoscaler(String name, String target) {
        given.create("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers", """
                metadata: {name: %s}
                spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: %s}, minReplicas: 2, maxReplicas: 6}
                """.formatted(name, target));
    }

    private void createBudget(String name, String label) {
        given.create(
                "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
                "{metadata: {name: " + name + "}, spec: {minAvailable: 1, selector: {matchLabels: {" + label + "}}}}");
    }
}
