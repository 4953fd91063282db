package io.github.milvusupgrade.k8s.preflight;

import static io.github.milvusupgrade.k8s.preflight.Rehearsed.DEPLOYMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.PodFault;
import io.github.milvusupgrade.run.Outcome;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import io.kubernetes.client.util.Config;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever a caller gets wrong ends as an exception or a finding with a stable code, and writes nothing. */
class BadInputTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    private Rehearsed given = Rehearsed.cluster();

    @AfterEach
    void nothingWasWritten() {
        assertThat(given.writes().stream().filter(request -> !request.verb().equals("delete")))
                .isEmpty();
        given.close();
    }

    @Test
    void unknownInstance() {
        refused(
                Code.INSTANCE_NOT_FOUND,
                Rehearsed.upgrader(given.cluster.apiClient(), "default", "my-relaese"),
                "There is no Milvus instance my-relaese in namespace default: no Deployment has the label"
                        + " app.kubernetes.io/instance=my-relaese; instances there: [my-release]. The name is that of the"
                        + " Helm release (helm list -n default).");
    }

    @Test
    void wrongNamespace() {
        refused(
                Code.NAMESPACE_NOT_FOUND,
                Rehearsed.upgrader(given.cluster.apiClient(), "prod", "my-release"),
                "There is no namespace prod on " + given.cluster.url() + ", so no Milvus instance my-release. Check the"
                        + " namespace and the context of the kubeconfig.");
    }

    @Test
    void instanceOfTheOperator() {
        given.close();
        given = Rehearsed.of(Rehearsed.blueprint().operatorManaged());

        refused(
                Code.OPERATOR_MANAGED,
                given.upgrader().build(),
                "The Milvus instance default/my-release is managed by Milvus Operator (label"
                        + " app.kubernetes.io/managed-by=milvus-operator on Deployment my-release-milvus-datacoord): the"
                        + " operator would take back every change of its Deployments. Change spec.components.image of the"
                        + " Milvus resource my-release instead. Nothing was changed.");
    }

    @Test
    void mixedVersions() {
        given.close();
        given = Rehearsed.of(Rehearsed.blueprint().tag("proxy", "v2.2.3"));

        refused(
                Code.MIXED_VERSIONS,
                given.upgrader().build(),
                "Components of default/my-release run different versions: {2.2.4=[my-release-milvus-datacoord,"
                        + " my-release-milvus-datanode, my-release-milvus-indexcoord, my-release-milvus-indexnode,"
                        + " my-release-milvus-querycoord, my-release-milvus-querynode, my-release-milvus-rootcoord],"
                        + " 2.2.3=[my-release-milvus-proxy]}. No unfinished run explains this: bring all components to one"
                        + " of these versions first.");
    }

    @Test
    void expiredToken() {
        given.cluster.inject(ApiFault.unauthorized().always());

        UpgradeException e = catchThrowableOfType(
                UpgradeException.class, () -> given.upgrader().build().plan(TARGET));

        assertThat(e.code()).isEqualTo(Code.CREDENTIALS_REJECTED);
        assertThat(e)
                .hasMessageStartingWith("Kubernetes refused list deployments.apps default"
                        + " (app.kubernetes.io/instance=my-release): unauthorized (401): Unauthorized")
                .hasMessageContaining("Renew the credentials of the ApiClient.");
    }

    @Test
    void apiServerThatCannotBeReached() {
        String nobodyThere = "http://127.0.0.1:1";

        UpgradeException e = catchThrowableOfType(
                UpgradeException.class,
                () -> Rehearsed.upgrader(Config.fromUrl(nobodyThere, false), "default", "my-release")
                        .plan(TARGET));

        assertThat(e.code()).isEqualTo(Code.API_UNREACHABLE);
        assertThat(e)
                .hasMessageStartingWith("No answer from Kubernetes at " + nobodyThere + " to list deployments.apps"
                        + " default (app.kubernetes.io/instance=my-release): no connection (");
    }

    @Test
    void apiServerThatGoesAwayLeavesEveryCheckUndecided() {
        given.plan();
        given.cluster.inject(ApiFault.requestLost().always().on("list", "statefulsets"));

        List<Finding> findings = given.preflight();

        assertThat(findings)
                .filteredOn(finding -> finding.check().equals("P03"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.toString())
                        .startsWith("UNKNOWN P03  The check \"every workload of the instance is known to run a certain"
                                + " component\" could not be decided: "
                                + KubeApiException.class.getName() + ": No answer from Kubernetes at "
                                + given.cluster.url() + " to list statefulsets.apps default")
                        .endsWith("Make it decidable, or waive P03 with a reason."));
        assertThat(findings)
                .filteredOn(finding -> finding.check().equals("P31"))
                .extracting(Finding::status)
                .containsExactly(Finding.Status.UNKNOWN);
    }

    @Test
    void standaloneWithAnEmbeddedQueue() {
        given.close();
        given = Rehearsed.of(MilvusBlueprint.standalone("my-release").version("2.2.4"));

        blocked(
                "P08-queue",
                "FAIL    P08-queue The message queue of default/my-release is rocksmq, which only one process can open:"
                        + " old and new pods cannot overlap. Upgrade with downtime instead: add a rule of kind HELM with"
                        + " UpgradePathRules.withFirst(…).");
    }

    @Test
    void malformedConfiguration() {
        given.close();
        given = Rehearsed.of(Rehearsed.blueprint().userYaml("rootCoord:\n  port: 1\n port: 2\n"));

        blocked(
                "P22",
                "FAIL    P22  ConfigMap default/my-release-milvus: user.yaml is not valid YAML at line 3, column 2:"
                        + " expected <block end>, but found '<block mapping start>'. Correct the file in its ConfigMap or Helm values and start again; it was left untouched.");
    }

    @Test
    void deploymentThatIsNotHealthy() {
        given.cluster.inject(PodFault.neverReady().component("proxy"));
        String pod = given.api
                .items("/api/v1/namespaces/default/pods", "labelSelector=component=proxy")
                .get(0)
                .at("/metadata/name")
                .asText();
        given.api.delete("/api/v1/namespaces/default/pods/" + pod);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() ->
                        given.api.items("/api/v1/namespaces/default/pods", "labelSelector=component=proxy").stream()
                                        .allMatch(other -> !other.at("/metadata/name")
                                                        .asText()
                                                        .equals(pod)
                                                && other.at("/status/phase")
                                                        .asText()
                                                        .equals("Running"))
                                && given.api
                                                .read(DEPLOYMENTS + "my-release-milvus-proxy")
                                                .at("/status/availableReplicas")
                                                .asInt()
                                        == 0);

        String now = given.api
                .items("/api/v1/namespaces/default/pods", "labelSelector=component=proxy")
                .get(0)
                .at("/metadata/name")
                .asText();
        blocked(
                "P11",
                "FAIL    P11  default/my-release is not healthy: my-release-milvus-proxy has 0 of 1 pods available (pod "
                        + now + " is Running). Bring it back first (kubectl describe pod): an upgrade would add to the"
                        + " outage.");
    }

    @Test
    void missingPermission() {
        given.cluster.inject(ApiFault.forbidden().on("create", "configmaps"));

        blocked(
                "P02",
                "FAIL    P02  The account lacks 1 of 21 permissions: create configmaps in namespace default. Apply this"
                        + " Role and bind it to the account:\n"
                        + RequiredAccess.of(given.plan()).toRole());
    }

    /** The plan can be made, preflight says what is wrong, and executing it anyway changes nothing. */
    private void blocked(String check, String finding) {
        assertThat(given.preflight())
                .filteredOn(found -> found.check().equals(check))
                .extracting(Finding::toString)
                .containsExactly(finding);

        UpgradeReport report = given.upgrader().build().execute(given.plan());

        assertThat(report.outcome()).isEqualTo(Outcome.BLOCKED);
        assertThat(report.findings()).extracting(Finding::check).contains(check);
    }

    private static void refused(Code code, Upgrader upgrader, String message) {
        UpgradeException e = catchThrowableOfType(UpgradeException.class, () -> upgrader.plan(TARGET));

        assertThat(e).hasMessage(message);
        assertThat(e.code()).isEqualTo(code);
    }
}
