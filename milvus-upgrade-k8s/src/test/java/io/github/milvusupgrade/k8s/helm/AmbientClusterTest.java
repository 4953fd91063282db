package io.github.milvusupgrade.k8s.helm;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.error.UpgradeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the environment leads Helm to no other cluster. */
class AmbientClusterTest {

    private static final Path CHART = Path.of("/charts/milvus-5.0.0.tgz");

    @TempDir
    private Path home;

    private Path given;

    @BeforeEach
    void giveAKubeconfig() throws IOException {
        given = Files.writeString(home.resolve("given"), "server: a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HELM_KUBECONTEXT", "HELM_KUBEAPISERVER", "HELM_KUBETOKEN", "HELM_DRIVER"})
    void aVariableThatOverridesWhatHelmIsToldIsRefused(String variable) {
        AmbientCluster ambient =
                new AmbientCluster(Map.of("HOME", "/root", "HELM_CACHE_HOME", "/cache", variable, "elsewhere"));

        assertThatThrownBy(ambient::requireNoOverride)
                .isInstanceOf(UpgradeException.class)
                .hasMessage(
                        "Helm cannot run in this process: %s is set in its environment, and would lead Helm elsewhere. Unset"
                                + " it, or use the helm program.",
                        variable);
    }

    @Test
    void noneIsNoDanger() {
        assertThatCode(() -> new AmbientCluster(Map.of("HOME", home.toString())).requireNoneBut(given, CHART))
                .doesNotThrowAnyException();
        assertThatCode(() -> new AmbientCluster(Map.of("KUBECONFIG", "/nowhere")).requireNoneBut(given, CHART))
                .doesNotThrowAnyException();
    }

    @Test
    void theSameOneIsNoDanger() throws IOException {
        Path same = Files.copy(given, home.resolve("same"));

        assertThatCode(() -> new AmbientCluster(Map.of("KUBECONFIG", same.toString())).requireNoneBut(given, CHART))
                .doesNotThrowAnyException();
    }

    @Test
    void anotherOneIsRefused() throws IOException {
        Path other =
                Files.writeString(Files.createDirectory(home.resolve(".kube")).resolve("config"), "server: b");

        assertThatThrownBy(() -> new AmbientCluster(Map.of("HOME", home.toString())).requireNoneBut(given, CHART))
                .hasMessage(
                        "The chart /charts/milvus-5.0.0.tgz cannot be rendered in this process: it looks things up, and"
                                + " would find those of the cluster of %s, which is not the kubeconfig that was given. Set"
                                + " KUBECONFIG to the one that was given, or use the helm program.",
                        other);
        assertThatThrownBy(() ->
                        new AmbientCluster(Map.of("KUBECONFIG", given + ":" + other)).requireNoneBut(given, CHART))
                .isInstanceOf(UpgradeException.class);
    }
}
