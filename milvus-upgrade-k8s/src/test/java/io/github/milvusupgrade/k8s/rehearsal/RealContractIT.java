package io.github.milvusupgrade.k8s.rehearsal;

import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.RealCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real Kubernetes keeps the same contract, so it is the right one. */
class RealContractIT extends ClusterContract {

    private RealCluster.Namespace namespace;
    private JsonApi api;

    @BeforeEach
    void createNamespace() {
        RealCluster cluster = RealCluster.orSkip();
        Assumptions.assumeTrue(
                cluster.hasSimulatedNodes(),
                "the contract's pods run nothing : this cluster's nodes would try to run them");
        api = new JsonApi(cluster.apiClient());
        namespace = cluster.newNamespace();
    }

    @AfterEach
    void deleteNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Override
    @Test
    void aForgottenVersionIsExpired() {
        String first = api.watch(core("configmaps"), "resourceVersion=1", "timeoutSeconds=1").stream()
                .map(event -> event.path("type").asText())
                .findFirst()
                .orElse("");
        Assumptions.assumeTrue(
                first.equals("ERROR"),
                "nothing is forgotten yet : this API server was started moments ago and still knows its first version");
        super.aForgottenVersionIsExpired();
    }

    @Override
    JsonApi api() {
        return api;
    }

    @Override
    String namespace() {
        return namespace.name();
    }
}
