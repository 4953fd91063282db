package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.run.UpgradeReport;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** One run of an instance at a time, whichever processes try; and the lock of a dead one is no obstacle for long. */
abstract class LockContract extends RollingContract {

    private static final Duration LEASE = Duration.ofSeconds(3);

    LockContract(Supplier<TestBed> beds) {
        super(beds);
    }

    @Test
    void row41WhileARunGoesOnASecondOneIsRefusedAndSoIsTakingItOver() {
        InstalledMilvus milvus = install(smallCluster());
        AtomicReference<UpgradeReport> second = new AtomicReference<>();
        AtomicReference<UpgradeReport> takeover = new AtomicReference<>();
        Upgrader other = milvus.upgrader(quick()).build();
        Upgrader upgrader = milvus.upgrader(quick())
                .listener(when("step 1/", () -> {
                    second.set(other.execute(other.plan(TARGET)));
                    takeover.set(other.resume(other.runs().get(0).header().run()));
                }))
                .build();

        UpgradeReport first = upgrader.execute(upgrader.plan(TARGET));

        assertSucceeded(first);
        assertThat(failureOf(second.get()).code()).isEqualTo(Code.RUN_UNFINISHED);
        assertThat(failureOf(second.get()).message()).contains("run " + first.run());
        assertThat(failureOf(takeover.get()).code()).isEqualTo(Code.LOCK_HELD);
        assertThat(failureOf(takeover.get()).message())
                .startsWith("Cannot take the lock of " + milvus.namespace() + "/my-release: it is held by run "
                        + first.run() + " of process " + ProcessHandle.current().pid() + "-");
        assertThat(upgrader.runs()).hasSize(1);
    }

    @Test
    void row42TheLockOfADeadProcessIsTakenOnceItsDurationHasPassed() {
        InstalledMilvus milvus = install(smallCluster());
        milvus.api()
                .create(
                        "/apis/coordination.k8s.io/v1/namespaces/" + milvus.namespace() + "/leases",
                        JsonApi.json(
                                "{metadata: {name: 'milvus-upgrade-my-release'}, spec: {holderIdentity: 'run r1 of process"
                                        + " 1-dead', leaseDurationSeconds: 3, leaseTransitions: 7,"
                                        + " acquireTime: '2020-01-01T00:00:00.000000Z', renewTime: '2099-01-01T00:00:00.000000Z'}}"));
        long start = System.nanoTime();
        AtomicReference<Duration> waited = new AtomicReference<>();
        Upgrader upgrader = milvus.upgrader(quick())
                .listener(when("step 1/", () -> waited.set(Duration.ofNanos(System.nanoTime() - start))))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(waited.get()).as("by our own clock, whatever the Lease says").isGreaterThanOrEqualTo(LEASE);
        assertThat(milvus.lease().at("/spec/leaseTransitions").asInt()).isEqualTo(8);
        assertThat(milvus.lease().at("/spec/holderIdentity").asText()).isEmpty();
        assertThat(milvus.deployment("proxy")
                        .at("/metadata/annotations/milvusupgrade.github.io~1fence")
                        .asText())
                .isEqualTo("8");
    }

    @Test
    void row32ARunThatLosesItsLockWritesNothingMore() {
        InstalledMilvus milvus =
                install(smallCluster().annotatePods("mixcoord", "sim.cluster/fault", "v2.2.16=never-ready"));
        Upgrader upgrader = milvus.upgrader(quick())
                .listener(when(
                        "mixcoord: 1 of 1 pods are new, 1 ready", () -> milvus.seizeLease("run r2 of process 2-other")))
                .build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));
        String journal =
                milvus.configMap("milvus-upgrade-" + report.run()).path("data").toString();

        assertThat(failureOf(report).code()).isEqualTo(Code.LOCK_LOST);
        assertThat(failureOf(report).message())
                .contains(
                        "The lock leases.coordination.k8s.io " + milvus.namespace()
                                + "/milvus-upgrade-my-release is no longer held for certain: it went to \"run r2 of process 2-other\".");
        assertThat(milvus.lease().at("/spec/holderIdentity").asText())
                .as("not given back by who does not have it")
                .isEqualTo("run r2 of process 2-other");
        assertThat(milvus.deployment("mixcoord").at("/spec/strategy/type").asText())
                .as("left as it was in the middle of the rollout")
                .isEqualTo("RollingUpdate");
        assertThat(milvus.imagesOf("indexnode")).containsExactly(OLD_IMAGE);
        assertThat(journal).as("the journal belongs to the other").doesNotContain("STEP_FAILED", "ENDED");
    }

    private static KubernetesOptions quick() {
        return brisk().withLeaseDuration(LEASE);
    }
}
