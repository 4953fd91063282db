package io.github.milvusupgrade.k8s.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

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

    @Test
    void secretsAndOtherNamespacesAreNotNeeded() {
        try (Rehearsed given = Rehearsed.cluster()) {
            assertThat(RequiredAccess.of(given.plan()).rules())
                    .extracting(RequiredAccess.Rule::kind)
                    .doesNotContain("secrets", "nodes", "namespaces");
        }
    }
}
