package io.github.milvusupgrade.k8s.rehearsal;

import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.RealCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

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
    JsonApi api() {
        return api;
    }

    @Override
    String namespace() {
        return namespace.name();
    }
}
