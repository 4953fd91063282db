package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.run.UpgradeListener;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A part of what the rolling path promises, the same on every cluster: each test gets a namespace of its own. */
abstract class RollingContract {

    static final String RELEASE = "my-release";
    static final MilvusVersion TARGET = InstalledMilvus.TARGET;
    static final String OLD_IMAGE = "milvusdb/milvus:v2.2.3";
    static final String NEW_IMAGE = InstalledMilvus.NEW_IMAGE;

    /** Longer than any of these tests: whatever ends them, it is not this. */
    static final Duration NEVER = Duration.ofMinutes(10);

    private final Supplier<TestBed> beds;
    private @Nullable TestBed bed;

    RollingContract(Supplier<TestBed> beds) {
        this.beds = beds;
    }

    @AfterEach
    void closeBed() {
        if (bed != null) {
            bed.close();
        }
    }

    /** A cluster with all coordinators separate, on 2.2.3. */
    static MilvusBlueprint cluster() {
        return MilvusBlueprint.cluster(RELEASE).version("2.2.3");
    }

    /** A cluster whose coordinators are one, where it does not matter: it is rolled in half the time. */
    static MilvusBlueprint smallCluster() {
        return MilvusBlueprint.mixcoord(RELEASE).version("2.2.3");
    }

    /** As the defaults, but without the time that coordinators have to prove themselves. */
    static KubernetesOptions brisk() {
        return KubernetesOptions.defaults().withProfile(Profiles.official(0)).withCoordinatorSettling(Duration.ZERO);
    }

    /** As {@link #brisk}, but with the profile that callers get who do not choose. */
    static KubernetesOptions gentle() {
        return brisk().withProfile(Profiles.gentle());
    }

    /** Without looking into Milvus, whether it could be seen or not. */
    static KubernetesOptions blind() {
        return brisk().withProbe(false);
    }

    InstalledMilvus install(MilvusBlueprint blueprint) {
        return install(blueprint, RELEASE);
    }

    InstalledMilvus install(MilvusBlueprint blueprint, String release) {
        TestBed opened = beds.get();
        bed = opened;
        opened.install(blueprint);
        return new InstalledMilvus(opened, release);
    }

    /** Waits for a word in what the run tells, and then, once, lets somebody act in the middle of it. */
    static UpgradeListener when(String word, Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        return event -> {
            if (event.describe().contains(word) && done.compareAndSet(false, true)) {
                action.run();
            }
        };
    }

    static UpgradeReport.Failure failureOf(UpgradeReport report) {
        Optional<UpgradeReport.Failure> failure = report.failure();
        assertThat(failure).as(report.describe()).isPresent();
        return failure.get();
    }

    static void assertSucceeded(UpgradeReport report) {
        assertThat(report.succeeded()).as(report.describe()).isTrue();
    }
}
