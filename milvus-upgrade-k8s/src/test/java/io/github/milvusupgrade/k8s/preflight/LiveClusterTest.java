package io.github.milvusupgrade.k8s.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveClusterTest {

    private final RehearsalCluster cluster = RehearsalCluster.start();
    private final LiveCluster live = new LiveCluster(
            KubeApi.over(cluster.apiClient(), KubeApiOptions.defaults()),
            new ClusterId("default", "my-release"),
            Clock.systemUTC());

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aRefusalIsKeptAndNotAskedForAgain() {
        cluster.inject(ApiFault.forbidden().on("list", "pods"));

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(live::pods)
                    .isInstanceOfSatisfying(
                            KubeApiException.class,
                            e -> assertThat(e.kind()).isEqualTo(KubeApiException.Kind.FORBIDDEN));
        }
        assertThat(cluster.requests()).hasSize(1);
        assertThat(live.quotas()).isEmpty();
    }

    @Test
    void aServerThatRejectsTheCredentialsIsNotAskedAnythingMore() {
        cluster.inject(ApiFault.unauthorized().always());
        assertThatThrownBy(live::pods).isInstanceOf(KubeApiException.class);
        int asked = cluster.requests().size();

        assertThatThrownBy(live::quotas).hasMessageContaining("unauthorized (401)");
        assertThat(cluster.requests()).hasSize(asked);
    }

    @Test
    void nodesThatMayNotBeReadAreNoFailure() {
        cluster.inject(ApiFault.forbidden().on("list", "nodes"));

        assertThat(live.nodes()).isEmpty();
    }
}
