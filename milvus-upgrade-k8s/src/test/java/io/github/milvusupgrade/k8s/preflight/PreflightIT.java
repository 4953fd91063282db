package io.github.milvusupgrade.k8s.preflight;

import static io.github.milvusupgrade.k8s.preflight.Rehearsed.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.k8s.testing.RealCluster;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.Outcome;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.credentials.AccessTokenAuthentication;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only a real API server decides: permissions, policies, quotas. */
class PreflightIT {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");
    private static final KubernetesOptions QUICK = KubernetesOptions.defaults()
            .withProfile(Profiles.official(1))
            .withCoordinatorSettling(Duration.ofSeconds(1));

    private RealCluster real;
    private TestBed bed;
    private JsonApi api;

    @BeforeEach
    void install() {
        real = RealCluster.orSkip();
        bed = TestBed.real(real);
        bed.install(Rehearsed.blueprint());
        api = bed.api();
    }

    @AfterEach
    void remove() {
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void anAccountWithTheRoleAloneUpgradesAndGoesBack() throws IOException {
        UpgradePlan plan =
                Upgrader.forCluster(instance(real.apiClient())).build().plan(TARGET);
        KubernetesMilvusCluster milvus =
                instance(accountWith(RequiredAccess.of(plan).toRole()));
        Upgrader upgrader = Upgrader.forCluster(milvus).build();

        assertThat(upgrader.preflight(plan).blockers()).isEmpty();
        assertThat(upgrader.preflight(plan).findings())
                .filteredOn(finding -> finding.status() == Finding.Status.WARN)
                .extracting(Finding::check)
                .containsExactly("P04", "P11", "P15", "P16", "P27", "P31");

        UpgradeReport forth = upgrader.execute(plan).throwIfFailed();
        upgrader.execute(upgrader.planRollback(forth.run())).throwIfFailed();

        assertThat(milvus.inspect().version()).contains(MilvusVersion.parse("2.2.4"));
    }

    @Test
    void nothingIsGrantedThatIsNeverUsed() throws IOException {
        KubernetesMilvusCluster milvus = instance(real.apiClient());
        Upgrader upgrader = Upgrader.forCluster(milvus).build();
        annotateProxyPods("v2.2.16=crash");

        UpgradePlan plan = upgrader.plan(TARGET);
        UpgradeReport failed = upgrader.execute(plan);
        assertThat(failed.outcome()).as(failed.describe()).isEqualTo(Outcome.FAILED);
        upgrader.execute(upgrader.planRollback(failed.run())).throwIfFailed();

        Set<String> granted = new TreeSet<>();
        RequiredAccess.of(plan)
                .rules()
                .forEach(rule -> rule.verbs()
                        .forEach(verb -> granted.add(verb + " "
                                + (rule.group().isEmpty() ? rule.resource() : rule.resource() + "." + rule.group()))));
        // Journals are only deleted once there are more of them than are kept.
        granted.remove("delete configmaps");
        assertThat(milvus.requests().keySet()).containsAll(granted);
    }

    @Test
    void missingPermissionsAreNamed() throws IOException {
        UpgradePlan plan =
                Upgrader.forCluster(instance(real.apiClient())).build().plan(TARGET);
        RequiredAccess access = RequiredAccess.of(plan);
        String role = access.toRole().replace("\"watch\", \"patch\"", "\"watch\"");

        assertThat(finding(instance(accountWith(role)), plan, "P02"))
                .isEqualTo("FAIL    P02  The account lacks 1 of 21 permissions: patch deployments.apps in namespace "
                        + bed.namespace() + ". Apply this Role and bind it to the account:\n" + access.toRole());
    }

    @Test
    void aPolicyThatRefusesTheImageIsHeardBeforehand() {
        String policy = "only-2-2-4-" + bed.namespace();
        api.create("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies", yaml("""
                metadata: {name: %s}
                spec:
                  matchConstraints:
                    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [UPDATE], resources: [deployments]}]
                    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
                  validations:
                  - expression: "object.spec.template.spec.containers.all(c, c.image.endsWith(':v2.2.4'))"
                    message: only v2.2.4 is approved
                """.formatted(
                        policy, bed.namespace())));
        api.create("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings", yaml("""
                metadata: {name: %s}
                spec: {policyName: %s, validationActions: [Deny]}
                """.formatted(
                        policy, policy)));
        try {
            KubernetesMilvusCluster milvus = instance(real.apiClient());
            UpgradePlan plan = Upgrader.forCluster(milvus).build().plan(TARGET);

            // The API server takes a moment until it enforces a new policy.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(finding(milvus, plan, "P17"))
                            .startsWith(
                                    "FAIL    P17  Kubernetes would refuse 8 of the patches of the plan: deployments.apps "
                                            + bed.namespace()
                                            + "/my-release-milvus-rootcoord by step 2.2.16/roll/rootcoord:")
                            .contains("only v2.2.4 is approved"));
        } finally {
            api.delete("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/" + policy);
            api.delete("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/" + policy);
        }
    }

    @Test
    void aFullQuotaIsSeenWithItsNumbers() {
        api.create(
                in("/api/v1/namespaces/%s/resourcequotas"),
                yaml("{metadata: {name: team}, spec: {hard: {pods: '11'}}}"));
        KubernetesMilvusCluster milvus = instance(real.apiClient());
        UpgradePlan plan = Upgrader.forCluster(milvus).build().plan(TARGET);

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(finding(milvus, plan, "P14"))
                        .startsWith("FAIL    P14  Quotas of namespace " + bed.namespace()
                                + " leave no room for the pods that start"
                                + " beside old ones: a pod of my-release-milvus-rootcoord takes pods 1, but quota team has 0 left"
                                + " (11 of 11 used);"));
    }

    private KubernetesMilvusCluster instance(ApiClient client) {
        return KubernetesMilvusCluster.connect(client, bed.namespace(), "my-release", QUICK);
    }

    private static String finding(KubernetesMilvusCluster milvus, UpgradePlan plan, String id) {
        return Upgrader.forCluster(milvus).build().preflight(plan).findings().stream()
                .filter(finding -> finding.check().equals(id))
                .findFirst()
                .orElseThrow()
                .toString();
    }

    /** A client for an account that has this Role and nothing else. */
    private ApiClient accountWith(String role) throws IOException {
        api.create(in("/api/v1/namespaces/%s/serviceaccounts"), yaml("metadata: {name: upgrader}"));
        api.create(in("/apis/rbac.authorization.k8s.io/v1/namespaces/%s/roles"), yaml(role));
        api.create(in("/apis/rbac.authorization.k8s.io/v1/namespaces/%s/rolebindings"), yaml("""
                metadata: {name: upgrader}
                subjects: [{kind: ServiceAccount, name: upgrader, namespace: %s}]
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: milvus-upgrade}
                """.formatted(
                        bed.namespace())));
        JsonNode token = api.create(
                in("/api/v1/namespaces/%s/serviceaccounts/upgrader/token"),
                yaml("{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {expirationSeconds: 3600}}"));
        try (Reader text = Files.newBufferedReader(real.kubeconfig())) {
            return ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(text))
                    .setAuthentication(new AccessTokenAuthentication(
                            token.at("/status/token").asText()))
                    .build();
        }
    }

    private void annotateProxyPods(String fault) {
        String proxy = in("/apis/apps/v1/namespaces/%s/deployments/") + "my-release-milvus-proxy";
        api.patch(
                JsonApi.MERGE_PATCH,
                proxy,
                yaml("spec: {template: {metadata: {annotations: {sim.cluster/fault: '" + fault + "'}}}}")
                        .toString());
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
            JsonNode deployment = api.read(proxy);
            return deployment.at("/status/observedGeneration").equals(deployment.at("/metadata/generation"))
                    && deployment.at("/status/updatedReplicas").asInt() == 1
                    && deployment.at("/status/replicas").asInt() == 1
                    && deployment.at("/status/availableReplicas").asInt() == 1
                    && proxyPods().size() == 1;
        });
    }

    /** With those that are on their way out: preflight refuses to begin while there are any. */
    private List<JsonNode> proxyPods() {
        return api.items(in("/api/v1/namespaces/%s/pods"), "labelSelector=component=proxy");
    }

    private String in(String path) {
        return path.formatted(bed.namespace());
    }
}
