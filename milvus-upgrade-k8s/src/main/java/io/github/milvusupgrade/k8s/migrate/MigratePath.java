package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.rolling.RollingPath;
import io.github.milvusupgrade.k8s.rolling.TargetImages;
import io.github.milvusupgrade.k8s.rolling.VerifyTarget;
import io.github.milvusupgrade.k8s.rollout.PodWatch;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.path.PathKind;
import io.github.milvusupgrade.path.UpgradePath;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The steps of the hop from 2.1 to 2.2. Immutable and safe for many threads. */
public final class MigratePath {

    private final ClusterAccess access;
    private final MigrateOptions options;
    private final Duration timeoutPerPod;

    public MigratePath(
            KubeApi api,
            Time time,
            RolloutWatch rollouts,
            PodWatch pods,
            MigrateOptions options,
            Duration timeoutPerPod) {
        this.access = new ClusterAccess(api, time, rollouts, pods);
        this.options = options;
        this.timeoutPerPod = timeoutPerPod;
    }

    /** Finds out where the metadata is, if a hop of the path migrates it. */
    public ClusterSnapshot prepare(UpgradePath path, ClusterSnapshot snapshot) {
        return path.hops().stream().anyMatch(hop -> hop.kind() == PathKind.MIGRATE)
                ? new MetadataFacts(access.api(), options).addTo(snapshot)
                : snapshot;
    }

    /** One step after the other; no two of them could change places. */
    public List<List<UpgradeStep>> stages(Hop hop, ClusterSnapshot snapshot, Optional<ImageReference> image) {
        Migration migration = new Migration(
                snapshot,
                hop,
                MetadataFacts.place(snapshot),
                MetadataFacts.sight(snapshot),
                MetadataFacts.toolImage(snapshot),
                options);
        TargetImages images =
                workload -> RollingPath.image(workload, hop, image).toString();
        return Stream.<UpgradeStep>of(
                        new PrepareMigration(access, migration),
                        new StopInstance(access, migration, timeoutPerPod),
                        new AwaitSessionsEnd(access, migration),
                        new BackUpMetadata(access, migration),
                        new VerifyBackup(access, migration),
                        new ConvertMetadata(access, migration),
                        new StartInstance(access, migration, images, timeoutPerPod),
                        new VerifyTarget(access.api(), access.rollouts(), hop.to(), snapshot, () -> images)
                                .on(OnFailure.TAKE_BACK),
                        new CleanUpMigration(access, migration))
                .map(List::of)
                .toList();
    }

    /** Whether a plan, or the rollback of one, migrates metadata. */
    public static boolean isIn(UpgradePlan plan) {
        return plan.steps().stream()
                .anyMatch(planned -> planned.step().id().value().contains("/migrate/"));
    }
}
