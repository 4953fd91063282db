package io.github.milvusupgrade.k8s.preflight;

import static io.github.milvusupgrade.k8s.preflight.Rehearsed.PROXY;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.view.DeploymentView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** P03, P04: what belongs to the instance, and to whom the instance belongs. */
class OwnershipChecksTest {

    private static final String STATEFUL_SETS = "/apis/apps/v1/namespaces/default/statefulsets";

    private final Rehearsed given = Rehearsed.cluster();

    @AfterEach
    void stop() {
        given.close();
    }

    @Test
    void p03NamesEveryDeploymentWithItsComponent() {
        assertThat(given.finding("P03"))
                .startsWith("PASS    P03  All 8 are known: my-release-milvus-datacoord (datacoord), ")
                .endsWith(" my-release-milvus-rootcoord (rootcoord).");
    }

    @Test
    void p03FailsOnADeploymentWhoseComponentCannotBeTold() {
        given.plan();
        createDeployment("my-release-shadow", "shadow", "[sleep]");

        assertThat(given.finding("P03"))
                .isEqualTo("FAIL    P03  Which component of Milvus runs in Deployment my-release-shadow of"
                        + " default/my-release cannot be told, so it would stay on the old version. Label it"
                        + " component=<component> as the chart does, or, if it is not Milvus, give it another"
                        + " app.kubernetes.io/name than milvus.");
    }

    @Test
    void p03WarnsOfADeploymentKnownByItsNameAlone() {
        given.plan();
        createDeployment("my-release-b-querynode", "shadow", "[sleep]");

        assertThat(given.finding("P03"))
                .isEqualTo(
                        "WARN    P03  Only the name tells which component runs in Deployment my-release-b-querynode of"
                                + " default/my-release. Look at the plan: is the component right? A label component=<component>"
                                + " would say so.");
    }

    @Test
    void p03FailsOnAStatefulSetThatRunsAComponent() {
        createStatefulSet("my-release-milvus-querynode", "querynode");

        assertThat(given.finding("P03"))
                .isEqualTo(
                        "FAIL    P03  StatefulSet my-release-milvus-querynode (querynode) of default/my-release runs a"
                                + " component, but only Deployments are rolled: it would stay on the old version. Move the"
                                + " component to a Deployment, or upgrade it by hand and waive P03.");
    }

    @Test
    void p03WarnsOfAStatefulSetThatIsNoComponent() {
        createStatefulSet("my-release-milvus-woodpecker", "woodpecker");

        assertThat(given.finding("P03"))
                .isEqualTo("WARN    P03  StatefulSet my-release-milvus-woodpecker (woodpecker) of default/my-release"
                        + " carries the name of Milvus and is no component of it: it stays as it is. Upgrade it with its"
                        + " chart if the release notes of the target ask for that.");
    }

    @Test
    void p04WarnsThatHelmDoesNotKnow() {
        assertThat(given.finding("P04"))
                .isEqualTo(
                        "WARN    P04  Helm installed default/my-release and will not know of the upgrade: the next helm"
                                + " upgrade that does not name the image brings the old one back. From now on pass --set"
                                + " image.all.tag=v2.2.16 to helm upgrade, or write it into the values.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "annotations: {argocd.argoproj.io/tracking-id: 'vectors:apps/Deployment:default/my-release-milvus-proxy'}"
                        + "|Argo CD|annotation argocd.argoproj.io/tracking-id=vectors:apps/Deployment:default/my-release-milvus-proxy"
                        + "|Suspend its sync (argocd app set vectors --sync-policy none), waive P04, and commit the new image before you resume the sync.",
                "labels: {argocd.argoproj.io/instance: vectors}"
                        + "|Argo CD|label argocd.argoproj.io/instance=vectors"
                        + "|Suspend its sync (argocd app set vectors --sync-policy none), waive P04, and commit the new image before you resume the sync.",
                "labels: {kustomize.toolkit.fluxcd.io/name: apps}"
                        + "|Flux|label kustomize.toolkit.fluxcd.io/name=apps"
                        + "|Suspend it (flux suspend kustomization apps), waive P04, and commit the new image before you resume it.",
                "labels: {helm.toolkit.fluxcd.io/name: milvus}"
                        + "|Flux|label helm.toolkit.fluxcd.io/name=milvus"
                        + "|Suspend it (flux suspend helmrelease milvus), waive P04, and commit the new image before you resume it.",
                "ownerReferences: [{apiVersion: milvus.io/v1beta1, kind: Milvus, name: my-release, uid: u, controller: true}]"
                        + "|The controller of Milvus my-release|ownerReference to milvus.io/v1beta1 Milvus my-release"
                        + "|Change the image in Milvus my-release instead.",
            })
    void p04FailsWhereAControllerWouldTakeTheChangesBack(String mark, String owner, String evidence, String remedy) {
        given.patch(PROXY, "{metadata: {" + mark + "}}");

        assertThat(given.finding("P04"))
                .isEqualTo("FAIL    P04  " + owner + " keeps Deployment default/my-release-milvus-proxy (" + evidence
                        + ") and would take the changes back. " + remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "argocd-controller, Argo CD",
        "argocd-application-controller, Argo CD",
        "kustomize-controller, Flux",
        "helm-controller, Flux"
    })
    void aControllerThatTracksByOtherMeansIsKnownAsTheOneWhoWrote(String manager, String owner) {
        DeploymentView deployment = new DeploymentView(
                Rehearsed.yaml("metadata: {managedFields: [{manager: helm}, {manager: " + manager + "}]}"));

        assertThat(Reconciler.of(deployment)).hasValueSatisfying(trace -> {
            assertThat(trace.owner()).isEqualTo(owner);
            assertThat(trace.evidence()).isEqualTo("field manager " + manager);
        });
    }

    @Test
    void p04PassesWhereNobodyOwnsTheInstance() {
        given.plan()
                .snapshot()
                .workloads()
                .forEach(workload -> given.patch(
                        Rehearsed.DEPLOYMENTS + workload.name(),
                        "{metadata: {labels: {app.kubernetes.io/managed-by: null}}}"));

        assertThat(given.finding("P04"))
                .isEqualTo("PASS    P04  No operator, GitOps controller or Helm release owns default/my-release.");
    }

    private void createDeployment(String name, String container, String command) {
        given.create(
                "/apis/apps/v1/namespaces/default/deployments", """
                metadata: {name: %s, labels: {app.kubernetes.io/instance: my-release, app.kubernetes.io/name: milvus}}
                spec:
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata: {labels: {app: %s}}
                    spec: {containers: [{name: %s, image: milvusdb/milvus:v2.2.4, command: %s}]}
                """.formatted(name, name, name, container, command));
    }

    private void createStatefulSet(String name, String component) {
        given.create(STATEFUL_SETS, """
                metadata:
                  name: %s
                  labels: {app.kubernetes.io/instance: my-release, app.kubernetes.io/name: milvus, component: %s}
                spec:
                  replicas: 0
                  serviceName: %s
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata: {labels: {app: %s}}
                    spec: {containers: [{name: %s, image: milvusdb/milvus:v2.2.4}]}
                """.formatted(name, component, name, name, name, component));
    }
}
