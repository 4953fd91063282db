package io.github.milvusupgrade.k8s.helm;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubernetes.client.openapi.ApiClient;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Helm's access to the cluster is what the caller gave, at the time of the call. */
class KubeConfigSourceTest {

    @Test
    void aFileStaysWhereItIs() {
        try (PrivateFolder folder = PrivateFolder.create()) {
            assertThat(KubeConfigSource.file(Path.of("mine")).in(folder))
                    .isEqualTo(Path.of("mine").toAbsolutePath());
            assertThat(folder.path()).isEmptyDirectory();
        }
    }

    @Test
    void contentsAreAskedForEachTime() {
        Iterator<String> tokens = List.of("first", "second").iterator();
        KubeConfigSource source = KubeConfigSource.contents(tokens::next);

        try (PrivateFolder one = PrivateFolder.create();
                PrivateFolder two = PrivateFolder.create()) {
            assertThat(source.in(one)).hasContent("first");
            assertThat(source.in(two)).hasContent("second");
        }
    }

    @Test
    void aClientWithoutCredentialsIsEnough() {
        KubeConfigSource source = KubeConfigSource.unsecured(new ApiClient().setBasePath("http://127.0.0.1:4711"));

        try (PrivateFolder folder = PrivateFolder.create()) {
            assertThat(source.in(folder))
                    .content()
                    .satisfies(text -> assertThat(json(text)).isEqualTo(json("""
                            {apiVersion: 'v1', kind: 'Config', 'current-context': 'unsecured',
                             clusters: [{name: 'unsecured', cluster: {server: 'http://127.0.0.1:4711'}}],
                             users: [{name: 'unsecured', user: {}}],
                             contexts: [{name: 'unsecured', context: {cluster: 'unsecured', user: 'unsecured'}}]}
                            """)));
        }
    }

    @Test
    void aClientWithCredentialsIsNot() {
        ApiClient client = new ApiClient().setBasePath("https://10.0.0.1:6443");

        assertThatThrownBy(() -> KubeConfigSource.unsecured(client))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "No kubeconfig can be made for https://10.0.0.1:6443 : its credentials cannot be taken out of"
                                + " an ApiClient. Pass the kubeconfig itself.");
    }
}
