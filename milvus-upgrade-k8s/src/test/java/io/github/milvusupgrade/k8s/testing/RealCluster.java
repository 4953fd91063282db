package io.github.milvusupgrade.k8s.testing;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The real cluster of the integration tests: the one whose kubeconfig {@code MILVUS_UPGRADE_IT_KUBECONFIG} names, or
 * K3s in a container if there is a Docker engine. Where there is neither, the test that asks is skipped, with the
 * reason.
 */
public final class RealCluster {

    private static final String VARIABLE = "MILVUS_UPGRADE_IT_KUBECONFIG";
    private static final String NONE = "no cluster for integration tests : " + VARIABLE
            + " is not set and no Docker engine answers. Set it to a kubeconfig, or start Docker.";
    private static final DockerImageName K3S = DockerImageName.parse("rancher/k3s:v1.34.1-k3s1");

    private final Path kubeconfig;
    private final boolean simulatedNodes;

    private RealCluster(Path kubeconfig, boolean simulatedNodes) {
        this.kubeconfig = kubeconfig;
        this.simulatedNodes = simulatedNodes;
    }

    /** The cluster, the same one for the whole run. Skips the calling test if there is none. */
    public static RealCluster orSkip() {
        if (Found.CLUSTER.isEmpty()) {
            Assumptions.abort(NONE);
        }
        return Found.CLUSTER.get();
    }

    public Path kubeconfig() {
        return kubeconfig;
    }

    /** Whether nodes obey the {@code sim.cluster/…} annotations, and run nothing. */
    public boolean hasSimulatedNodes() {
        return simulatedNodes;
    }

    /** A new client with all rights. */
    public ApiClient apiClient() {
        try (Reader text = Files.newBufferedReader(kubeconfig)) {
            return ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(text)).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new, empty namespace, deleted with everything in it on close. */
    public Namespace newNamespace() {
        return new Namespace(new JsonApi(apiClient()));
    }

    /** A namespace for one test. */
    public static final class Namespace implements AutoCloseable {

        private final JsonApi api;
        private final String name;

        private Namespace(JsonApi api) {
            this.api = api;
            this.name = "it-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
            api.create("/api/v1/namespaces", json("{metadata: {name: '" + name + "'}}"));
        }

        public String name() {
            return name;
        }

        @Override
        public void close() {
            api.delete("/api/v1/namespaces/" + name);
        }
    }

    /** Found out once, when the first test asks. */
    private static final class Found {

        private static final Optional<RealCluster> CLUSTER = find();

        private static Optional<RealCluster> find() {
            String named = System.getenv(VARIABLE);
            if (named != null && !named.isBlank()) {
                return Optional.of(new RealCluster(Path.of(named), true));
            }
            if (DockerClientFactory.instance().isDockerAvailable()) {
                return Optional.of(k3s());
            }
            System.out.println("SKIPPED: " + NONE);
            return Optional.empty();
        }

        // The container lives as long as the JVM; Testcontainers removes it.
        @SuppressWarnings("resource")
        private static RealCluster k3s() {
            K3sContainer container = new K3sContainer(K3S);
            container.start();
            try {
                Path file = Files.createTempFile("k3s", ".kubeconfig");
                file.toFile().deleteOnExit();
                return new RealCluster(Files.writeString(file, container.getKubeConfigYaml()), false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
