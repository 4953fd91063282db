package io.github.milvusupgrade.k8s.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.rehearsal.InjectedFault;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.step.RunId;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaseLockTest {

    private static final ClusterId CLUSTER = new ClusterId("default", "my-release");
    private static final String LEASE =
            "/apis/coordination.k8s.io/v1/namespaces/default/leases/milvus-upgrade-my-release";
    private static final Duration DURATION = Duration.ofSeconds(3);

    private final RehearsalCluster cluster = RehearsalCluster.start();
    private final JsonApi api = new JsonApi(cluster.apiClient());

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aLockThatWasGivenBackIsFreeAtOnceAndCountsUp() throws InterruptedException {
        try (RunLock.Held first = lock(DURATION).acquire(CLUSTER, RunId.of("r1"))) {
            assertThat(first.fence()).isEqualTo(1);
        }
        try (RunLock.Held second = lock(DURATION).acquire(CLUSTER, RunId.of("r2"))) {
            assertThat(second.fence()).isEqualTo(2);
        }
    }

    @Test
    void whoeverTouchesTheLeaseWithoutTakingItDoesNotDelayItsRenewal() throws InterruptedException {
        try (RunLock.Held held = lock(DURATION).acquire(CLUSTER, RunId.of("r1"))) {
            String renewed = renewTime();
            api.patch(JsonApi.MERGE_PATCH, LEASE, "{metadata: {annotations: {seen: 'by a controller'}}}");

            await("the renewal", time -> !time.equals(renewed));

            assertThatCode(held::ensureHeld).doesNotThrowAnyException();
        }
        assertThat(api.read(LEASE).at("/spec/holderIdentity").asText()).isEmpty();
    }

    @Test
    void aRenewalThatWasLostOnItsWayIsSentAgain() throws InterruptedException {
        try (RunLock.Held held = lock(DURATION).acquire(CLUSTER, RunId.of("r1"))) {
            String before = renewTime();
            InjectedFault lost = cluster.inject(ApiFault.requestLost().on("update", "leases"));

            await("the renewal", time -> !time.equals(before));

            assertThat(lost.hits()).isEqualTo(1);
            assertThatCode(held::ensureHeld).doesNotThrowAnyException();
        }
    }

    @Test
    void row22ALockThatCannotBeRenewedCountsAsLostBeforeAnotherMayTakeIt() throws InterruptedException {
        try (RunLock.Held held = lock(DURATION).acquire(CLUSTER, RunId.of("r1"))) {
            long start = System.nanoTime();
            cluster.inject(ApiFault.unavailable().on("update", "leases").always());

            Awaitility.await("the loss")
                    .atMost(DURATION)
                    .untilAsserted(() -> assertThatThrownBy(held::ensureHeld)
                            .isInstanceOfSatisfying(
                                    UpgradeException.class,
                                    e -> assertThat(e.code()).isEqualTo(Code.LOCK_LOST))
                            .hasMessageContaining("it could not be renewed for 2 s. Nothing more was written."));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DURATION);
            cluster.clearFaults();
        }
    }

    @Test
    void aDeletedLeaseIsALostLock() throws InterruptedException {
        try (RunLock.Held held = lock(DURATION).acquire(CLUSTER, RunId.of("r1"))) {
            api.delete(LEASE);

            Awaitility.await("the loss")
                    .atMost(DURATION)
                    .untilAsserted(
                            () -> assertThatThrownBy(held::ensureHeld).hasMessageContaining("somebody deleted it"));
        }
        assertThat(api.get(LEASE).code()).as("it is not made anew").isEqualTo(404);
    }

    @Test
    void theDeadAreWaitedForAsLongAsTheyAskedFor() throws InterruptedException {
        api.create(
                "/apis/coordination.k8s.io/v1/namespaces/default/leases",
                JsonApi.json(
                        "{metadata: {name: 'milvus-upgrade-my-release'}, spec: {holderIdentity: 'run r1 of process 1-dead',"
                                + " leaseDurationSeconds: 4, leaseTransitions: 1}}"));
        long start = System.nanoTime();

        try (RunLock.Held held = lock(Duration.ofSeconds(1)).acquire(CLUSTER, RunId.of("r2"))) {
            assertThat(held.fence()).isEqualTo(2);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(4));
    }

    private LeaseLock lock(Duration duration) {
        KubeApi kubeApi = KubeApi.over(cluster.apiClient(), KubeApiOptions.defaults());
        return new LeaseLock(kubeApi, Time.system(), Clock.systemUTC(), duration);
    }

    private String renewTime() {
        return api.read(LEASE).at("/spec/renewTime").asText();
    }

    private void await(String what, Predicate<String> renewTime) {
        Awaitility.await(what).atMost(DURATION).until(this::renewTime, renewTime);
    }
}
