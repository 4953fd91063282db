package io.github.milvusupgrade.k8s.rehearsal;

import io.github.milvusupgrade.k8s.testing.JsonApi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** The rehearsal cluster keeps the contract. */
class RehearsalContractTest extends ClusterContract {

    private static RehearsalCluster cluster;
    private static JsonApi api;
    private static int tests;

    private String namespace;

    @BeforeAll
    static void start() {
        cluster = RehearsalCluster.builder().speed(10).start();
        api = new JsonApi(cluster.apiClient());
    }

    @BeforeEach
    void createNamespace(TestInfo test) {
        namespace = "test-" + ++tests;
        cluster.createNamespace(namespace);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    JsonApi api() {
        return api;
    }

    @Override
    String namespace() {
        return namespace;
    }
}
