package io.github.milvusupgrade.k8s.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.PodFault;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A namespace of its own on a cluster, on which a test installs a Milvus: the same test runs on either kind. */
public interface TestBed extends AutoCloseable {

    ApiClient apiClient();

    String namespace();

    /** A kubeconfig with all rights, for other clients. */
    String kubeconfig();

    /** Install a Milvus and wait until all its pods are available. */
    void install(MilvusBlueprint blueprint);

    /** Take care that from now on no node has room for a new pod; those that run stay. */
    void fillNodes();

    @Override
    void close();

    default JsonApi api() {
        return new JsonApi(apiClient());
    }

    default JsonNode deployment(String name) {
        return api().read("/apis/apps/v1/namespaces/" + namespace() + "/deployments/" + name);
    }

    /** Within this JVM, ten times as fast as the real thing. */
    static TestBed rehearsal() {
        return new Rehearsal(RehearsalCluster.builder().speed(10).start(), "default");
    }

    static TestBed real(RealCluster cluster) {
        return new Real(cluster, cluster.newNamespace());
    }

    /** See {@link #rehearsal}. */
    record Rehearsal(RehearsalCluster cluster, String namespace) implements TestBed {

        @Override
        public ApiClient apiClient() {
            return cluster.apiClient();
        }

        @Override
        public String kubeconfig() {
            return cluster.kubeconfig();
        }

        @Override
        public void install(MilvusBlueprint blueprint) {
            cluster.seed(blueprint.namespace(namespace()));
        }

        @Override
        public void fillNodes() {
            cluster.inject(PodFault.unschedulable());
        }

        @Override
        public void close() {
            cluster.close();
        }
    }

    /** See {@link #real}. */
    record Real(RealCluster cluster, RealCluster.Namespace home) implements TestBed {

        @Override
        public ApiClient apiClient() {
            return cluster.apiClient();
        }

        @Override
        public String namespace() {
            return home.name();
        }

        @Override
        public String kubeconfig() {
            try {
                return Files.readString(cluster.kubeconfig());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void install(MilvusBlueprint blueprint) {
            blueprint.namespace(namespace()).createOn(apiClient());
            Awaitility.await("the instance to be available")
                    .atMost(Duration.ofSeconds(60))
                    .until(this::allAvailable);
        }

        /** The nodes are everybody's, so it is the pods that become too large. */
        @Override
        public void fillNodes() {
            ObjectNode limits = JsonApi.json("{metadata: {name: 'too-large'}, spec: {limits: [{type: 'Container',"
                    + " default: {cpu: '9000'}, defaultRequest: {cpu: '9000'}}]}}");
            api().create("/api/v1/namespaces/" + namespace() + "/limitranges", limits);
        }

        private boolean allAvailable() {
            for (JsonNode item : api().read("/apis/apps/v1/namespaces/" + namespace() + "/deployments")
                    .path("items")) {
                if (item.at("/status/availableReplicas").asInt()
                        < item.at("/spec/replicas").asInt()) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void close() {
            home.close();
        }
    }
}
