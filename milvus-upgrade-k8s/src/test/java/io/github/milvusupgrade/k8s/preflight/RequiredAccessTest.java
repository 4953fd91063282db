package io.github.milvusupgrade.k8s.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rolling.RollingProfile;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.version.MilvusVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredAccessTest {

    @Test
    void theRoleCanBeAppliedAsItIs() {
        RequiredAccess access;
        try (Rehearsed given = Rehearsed.cluster()) {
            access = RequiredAccess.of(given.plan());
        }

        assertThat(access.toRole()).startsWith("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata:
                  name: milvus-upgrade
                  namespace: default
                rules:
                  # find and roll the components
                  - apiGroups: ["apps"]
                    resources: ["deployments"]
                    verbs: ["get", "list", "watch", "patch"]
                """);
        JsonNode rules = Rehearsed.yaml(access.toRole()).path("rules");
        assertThat(rules).hasSameSizeAs(access.rules());
    }

    @ParameterizedTest
    @CsvSource({"gentle, pods/proxy pods/exec pods services", "official, pods/proxy", "fast, pods/proxy"})
    void onlyAProfileThatHandsOverByThemNeedsProgramsInPodsAndServices(String profile, String optional) {
        try (Rehearsed given = Rehearsed.cluster()) {
            KubernetesMilvusCluster milvus = KubernetesMilvusCluster.connect(
                    given.cluster.apiClient(),
                    "default",
                    "my-release",
                    KubernetesOptions.defaults().withProfile(RollingProfile.named(profile)));
            UpgradePlan plan = Upgrader.forCluster(milvus).build().plan(MilvusVersion.parse("2.2.16"));

            assertThat(milvus.requiredAccess(plan).rules())
                    .filteredOn(RequiredAccess.Rule::optional)
                    .extracting(RequiredAccess.Rule::kind)
                    .containsExactly(optional.split(" "));
        }
    }

    @Test
    void secretsAndOtherNamespacesAreNotNeeded() {
        try (Rehearsed given = Rehearsed.cluster()) {
            assertThat(RequiredAccess.of(given.plan()).rules())
                    .extracting(RequiredAccess.Rule::kind)
                    .doesNotContain("secrets", "nodes", "namespaces");
        }
    }
}
