package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.rehearsal.InjectedFault;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RecordedRequest;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.k8s.testing.RolloutRecord;
import io.github.milvusupgrade.run.UpgradeReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rows 1 to 12: whatever happens to whichever request, the upgrade comes to the same end, and no component is rolled
 * twice. The requests to spoil are those that an undisturbed run was seen to send.
 */
class ApiFaultsTest {

    /** Rows 1, 3, 4, 5 and 12. */
    enum OfWrites {
        TOO_MANY_REQUESTS(() -> ApiFault.tooManyRequests(Duration.ZERO)),
        INTERNAL_ERROR(ApiFault::internalError),
        UNAVAILABLE(ApiFault::unavailable),
        UNAUTHORIZED_ONCE(ApiFault::unauthorized),
        REQUEST_LOST(ApiFault::requestLost),
        ANSWER_LOST(ApiFault::answerLost),
        CONFLICT(ApiFault::conflict);

        private final Supplier<ApiFault> fault;

        OfWrites(Supplier<ApiFault> fault) {
            this.fault = fault;
        }

        /** Nobody conflicts with the creation of an object, unless its name is taken. */
        boolean canHitCreations() {
            return this != CONFLICT;
        }
    }

    /** Rows 7 to 9. */
    enum OfWatches {
        ENDS(ApiFault::watchEnds),
        EXPIRES(ApiFault::watchExpires),
        GOES_SILENT(ApiFault::watchGoesSilent),
        IS_REFUSED_FOR_A_WHILE(ApiFault::unavailable);

        private final Supplier<ApiFault> fault;

        OfWatches(Supplier<ApiFault> fault) {
            this.fault = fault;
        }
    }

    private final RehearsedInstances instances = new RehearsedInstances();

    @AfterEach
    void close() {
        instances.close();
    }

    @ParameterizedTest
    @EnumSource
    void anyWriteMayBeHit(OfWrites kind) throws InterruptedException {
        List<Callable<Void>> runs = new ArrayList<>();
        for (Spoiled request : writesOfAnUndisturbedRun()) {
            if (kind.canHitCreations() || !request.verb().equals("create")) {
                runs.add(() -> {
                    upgradeWith(blueprint(), request.spoiledBy(kind.fault.get()), request.toString());
                    return null;
                });
            }
        }
        assertThat(runs).hasSizeGreaterThan(10);
        Lanes.run(runs);
    }

    @Test
    void everyWriteOfARunMayBeHit() throws InterruptedException {
        List<Callable<Void>> runs = new ArrayList<>();
        for (OfWrites kind : OfWrites.values()) {
            runs.add(() -> {
                upgradeWithEveryWriteHitBy(kind);
                return null;
            });
        }
        Lanes.run(runs);
    }

    @ParameterizedTest
    @EnumSource
    void everyWatchMayBeHit(OfWatches kind) throws InterruptedException {
        List<Callable<Void>> runs = new ArrayList<>();
        MilvusBlueprint slowlyStarting = blueprint().annotatePods("standalone", "sim.cluster/ready-after", "60s");
        for (String resource : List.of("deployments", "pods")) {
            ApiFault fault =
                    kind.fault.get().on("watch", resource).times(kind == OfWatches.IS_REFUSED_FOR_A_WHILE ? 3 : 1000);
            runs.add(() -> {
                upgradeWith(slowlyStarting, fault, "watch " + resource);
                return null;
            });
        }
        Lanes.run(runs);
    }

    @Test
    void row09AnOldPodThatASilentWatchHidesIsStillWaitedFor() {
        InstalledMilvus milvus = instances.install(RollingContract.smallCluster()
                .annotatePods("mixcoord", "sim.cluster/ready-after", "60s")
                .annotatePods("mixcoord", "sim.cluster/stops-after", "60s"));
        try (RolloutRecord record = milvus.record()) {
            instances
                    .cluster()
                    .inject(ApiFault.watchGoesSilent().on("watch", "pods").in(milvus.namespace()));

            RollingContract.assertSucceeded(milvus.upgrade(RollingContract.brisk()));

            assertThat(record.begun("indexnode", RollingContract.NEW_IMAGE))
                    .isGreaterThan(record.gone("mixcoord", RollingContract.OLD_IMAGE));
        }
    }

    /** Every other request is hit, so that each is once and gets through when it is sent again. */
    private void upgradeWithEveryWriteHitBy(OfWrites kind) {
        InstalledMilvus milvus = instances.install(RollingContract.cluster());
        SortedMap<String, String> before = milvus.settings();
        List<InjectedFault> faults = new ArrayList<>();
        for (String verb : kind.canHitCreations() ? List.of("create", "update", "patch") : List.of("update", "patch")) {
            for (int n = 1; n < 99; n += 2) {
                ApiFault fault = kind.fault.get().on(verb, "*").fromRequest(n);
                faults.add(instances.cluster().inject(fault.in(milvus.namespace())));
            }
        }

        UpgradeReport report = milvus.upgrade(options());

        assertThat(report.succeeded()).as(kind + "\n" + report.describe()).isTrue();
        milvus.assertUpgradedFrom(before);
        assertThat(faults.stream().mapToInt(InjectedFault::hits).sum())
                .as("hits of " + kind)
                .isGreaterThan(20);
    }

    private void upgradeWith(MilvusBlueprint blueprint, ApiFault fault, String what) {
        InstalledMilvus milvus = instances.install(blueprint);
        SortedMap<String, String> before = milvus.settings();
        InjectedFault injected = instances.cluster().inject(fault.in(milvus.namespace()));

        UpgradeReport report = milvus.upgrade(options());

        assertThat(report.succeeded()).as(what + "\n" + report.describe()).isTrue();
        assertThat(injected.hits()).as("hits of " + what).isPositive();
        milvus.assertUpgradedFrom(before);
    }

    /** A request of a kind, the n-th of it in a run. */
    private record Spoiled(String verb, String resource, int n) {

        ApiFault spoiledBy(ApiFault fault) {
            return fault.on(verb, resource).fromRequest(n);
        }

        @Override
        public String toString() {
            return verb + " " + resource + " number " + n;
        }
    }

    private List<Spoiled> writesOfAnUndisturbedRun() {
        InstalledMilvus milvus = instances.install(blueprint());
        RollingContract.assertSucceeded(milvus.upgrade(options()));
        Map<String, Integer> counts = new HashMap<>();
        List<Spoiled> writes = new ArrayList<>();
        for (RecordedRequest request : instances.writes(milvus)) {
            int n = counts.merge(request.verb() + request.resource(), 1, Integer::sum);
            writes.add(new Spoiled(request.verb(), request.resource(), n));
        }
        return writes;
    }

    /** One component is enough: what is done to one is done to all. */
    private static MilvusBlueprint blueprint() {
        return MilvusBlueprint.standalone(RollingContract.RELEASE)
                .version("2.2.3")
                .messageQueue("kafka");
    }

    private static KubernetesOptions options() {
        return RollingContract.brisk().withProfile(Profiles.official(1)).withPollInterval(Duration.ofMillis(300));
    }
}
