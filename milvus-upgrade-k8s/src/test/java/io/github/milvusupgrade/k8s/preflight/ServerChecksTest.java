package io.github.milvusupgrade.k8s.preflight;

import static io.github.milvusupgrade.k8s.preflight.Rehearsed.DEPLOYMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** P01, P02, P30, P31: what is asked of the API server itself. */
class ServerChecksTest {

    private final Rehearsed given = Rehearsed.cluster();

    @AfterEach
    void stop() {
        given.close();
    }

    @Test
    void p01PassesOnATestedVersionWithTheSameTime() {
        assertThat(given.finding("P01"))
                .isEqualTo("PASS    P01  Kubernetes v1.34.4 at " + given.cluster.url()
                        + ", and its clock agrees with this machine's.");
    }

    @ParameterizedTest
    @CsvSource({"120, behind", "-120, ahead of"})
    void p01WarnsOfClocksThatAreApart(int secondsAhead, String how) {
        given.withClock(Duration.ofSeconds(secondsAhead));

        assertThat(given.finding("P01"))
                .matches(
                        "WARN    P01  Kubernetes v1.34.4 at " + given.cluster.url() + ": its clock is 1(1[89]|2[01]) s "
                                + how
                                + " this machine's\\. Synchronise the clocks: the lock does not depend on them, but the times in"
                                + " journal and report do, and tokens may count as expired\\.");
    }

    @ParameterizedTest
    @CsvSource({"v1.24.17, WARN", "v1.25.0, PASS", "v1.36.1-gke.5, PASS", "v1.37.0, WARN", "v2.0.0, WARN"})
    void p01WarnsOfVersionsThatWereNotTested(String version, String status) {
        try (CannedApi server = CannedApi.ofVersion(version)) {
            assertThat(new ApiServerIsKnown(server.live())
                            .examine(given.plan().snapshot())
                            .toString())
                    .isEqualTo(
                            status.equals("PASS")
                                    ? "PASS    P01  Kubernetes " + version + " at " + server.url()
                                            + ", and its clock agrees with this machine's."
                                    : "WARN    P01  Kubernetes " + version + " at " + server.url()
                                            + ": it is outside of 1.25 to 1.36, which this release was tested with."
                                            + " Rehearse the upgrade on a cluster of this version first.");
        }
    }

    @Test
    void p01FailsOnWhatServesNoDeployments() {
        try (CannedApi server = CannedApi.ofVersion("v1.8.15").answers("/apis", "{groups: []}")) {
            assertThat(new ApiServerIsKnown(server.live())
                            .examine(given.plan().snapshot())
                            .toString())
                    .isEqualTo("FAIL    P01  Kubernetes v1.8.15 at " + server.url()
                            + " does not serve apps/v1, in which Milvus' Deployments are read and changed. Check the"
                            + " server address of the kubeconfig; Kubernetes serves it since 1.9.");
        }
    }

    @Test
    void p02NamesEachMissingPermissionAndPrintsTheRole() {
        given.cluster.inject(ApiFault.forbidden().on("patch", "deployments"));
        given.cluster.inject(ApiFault.forbidden().on("get", "pods/log"));
        given.cluster.inject(ApiFault.forbidden().on("update", "leases"));

        assertThat(given.finding("P02"))
                .isEqualTo("FAIL    P02  The account lacks 3 of 21 permissions: patch deployments.apps in namespace"
                        + " default, get pods/log in namespace default, update leases.coordination.k8s.io in namespace"
                        + " default. Apply this Role and bind it to the account:\n"
                        + RequiredAccess.of(given.plan()).toRole());
        assertThat(given.writes()).isEmpty();
    }

    @Test
    void p02PassesWithEveryPermission() {
        assertThat(given.finding("P02"))
                .isEqualTo("PASS    P02  The account has all 21 permissions in namespace default.");
    }

    @Test
    void p30WarnsOfManifestsInRemovedVersions() {
        String lastApplied = "'{\"apiVersion\":\"extensions/v1beta1\",\"kind\":\"Deployment\"}'";
        try (CannedApi server = CannedApi.ofVersion("v1.34.0")
                .answers("/apis/apps/v1/namespaces/default/deployments", """
                        items:
                        - metadata:
                            name: my-release-milvus-proxy
                            annotations: {kubectl.kubernetes.io/last-applied-configuration: %s}
                            managedFields: [{manager: helm, apiVersion: apps/v1}]
                        """.formatted(lastApplied))
                .answers("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers", """
                        items:
                        - metadata:
                            name: proxy-hpa
                            managedFields: [{manager: helm, apiVersion: autoscaling/v2beta2}]
                          spec: {scaleTargetRef: {kind: Deployment, name: my-release-milvus-proxy}}
                        - metadata:
                            name: of-somebody-else
                            managedFields: [{manager: helm, apiVersion: autoscaling/v2beta1}]
                          spec: {scaleTargetRef: {kind: Deployment, name: website}}
                        """)) {
            assertThat(new AppliedApisAreServed(server.live())
                            .examine(given.plan().snapshot())
                            .toString())
                    .isEqualTo("WARN    P30  Written in an API version that this server does not serve any more:"
                            + " Deployment my-release-milvus-proxy in extensions/v1beta1; HorizontalPodAutoscaler"
                            + " proxy-hpa in autoscaling/v2beta2. The upgrade is not affected. Before the next kubectl"
                            + " apply, helm upgrade or helm rollback, bring the manifests or the chart to a served"
                            + " version.");
        }
    }

    @Test
    void p30IgnoresAnAnnotationThatIsNoJson() {
        given.patch(
                DEPLOYMENTS + "my-release-milvus-proxy",
                "{metadata: {annotations: {kubectl.kubernetes.io/last-applied-configuration: 'cut off {'}}}");

        assertThat(given.finding("P30"))
                .isEqualTo("PASS    P30  The server serves every API version in which these objects were written.");
    }

    @Test
    void p31FailsInANamespaceThatIsBeingDeleted() {
        given.plan();
        given.patch("/api/v1/namespaces/default/status", "{status: {phase: Terminating}}");

        assertThat(given.finding("P31"))
                .isEqualTo(
                        "FAIL    P31  Namespace default is being deleted. Nothing in it can be upgraded any more; save"
                                + " the data while the pods are there.");
    }

    @Test
    void p31WarnsWhereTheNamespaceMayNotBeRead() {
        given.cluster.inject(ApiFault.forbidden().on("get", "namespaces"));

        assertThat(given.finding("P31"))
                .isEqualTo(
                        "WARN    P31  Namespace default may not be read by this account, so whether it is being deleted"
                                + " is not known. Allow the account to get it if in doubt.");
    }

    @Test
    void whatTheServerCannotAnswerIsThrownWithItsReason() {
        given.plan();
        given.cluster.inject(ApiFault.forbidden().on("list", "resourcequotas"));

        assertThatThrownBy(() -> given.finding("P14"))
                .hasMessageContaining("cannot list resource \"resourcequotas\"")
                .hasMessageEndingWith("Grant the account the verb \"list\" on resourcequotas in namespace default.");
    }
}
