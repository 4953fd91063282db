package io.github.milvusupgrade.k8s.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.RealCluster;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A blueprint comes up on a real cluster, and what came up there can be copied. */
class LiveCopyIT extends ContractFixture {

    private RealCluster real;
    private RealCluster.Namespace namespace;
    private JsonApi api;

    @BeforeEach
    void createInstance() {
        real = RealCluster.orSkip();
        Assumptions.assumeTrue(real.hasSimulatedNodes(), "the blueprint's images are not there to be run");
        api = new JsonApi(real.apiClient());
        namespace = real.newNamespace();
        MilvusBlueprint.cluster("m")
                .namespace(namespace.name())
                .replicas("querynode", 2)
                .userYaml("proxy: {}\n")
                .createOn(real.apiClient());
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

    @Test
    void copiesWhatRunsThere() {
        List<JsonNode> originals = api.items(apps("deployments"));
        assertThat(originals).hasSize(8);
        originals.forEach(
                original -> awaitRolledOut(original.at("/metadata/name").asText()));

        try (RehearsalCluster rehearsal = RehearsalCluster.start()) {
            rehearsal.copy(real.apiClient(), namespace.name(), "m");

            JsonApi copies = new JsonApi(rehearsal.apiClient());
            assertThat(copies.items(apps("deployments")))
                    .hasSameSizeAs(originals)
                    .allMatch(this::isRolledOut)
                    .extracting(copy -> copy.path("spec"))
                    .containsExactlyElementsOf(originals.stream()
                            .map(original -> original.path("spec"))
                            .toList());
            assertThat(copies.read(configMap("m-milvus")).path("data"))
                    .isEqualTo(api.read(configMap("m-milvus")).path("data"));
        }
    }
}
