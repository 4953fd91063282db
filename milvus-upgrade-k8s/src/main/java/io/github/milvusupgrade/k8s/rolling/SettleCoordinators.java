package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Waits, after the last coordinator, until every component has been available for a while. A coordinator that takes
 * over becomes unready a few seconds later, while it recovers what its predecessor knew: the query coordinator of
 * Milvus 2.2.16 for some 15 s, measured on a real node. New proxies have to ask it for the collections that they serve,
 * so a proxy that comes up in that time keeps its clients waiting. The official script does not look.
 *
 * <p>Where Milvus can be seen, the gates of the coordinators take the place of this step: they see the end of that
 * time.
 */
final class SettleCoordinators implements UpgradeStep {

    private final RolloutWatch watch;
    private final MilvusVersion to;
    private final ClusterSnapshot planned;
    private final Duration calm;
    private final Optional<String> blindness;

    SettleCoordinators(
            RolloutWatch watch, MilvusVersion to, ClusterSnapshot planned, Duration calm, Optional<String> blindness) {
        this.watch = watch;
        this.to = to;
        this.planned = planned;
        this.calm = calm;
        this.blindness = blindness;
    }

    @Override
    public StepId id() {
        return StepId.of(to + "/settle-coordinators");
    }

    @Override
    public String summary() {
        return "let the new coordinators settle: every component available for " + calm.toSeconds() + " s";
    }

    @Override
    public List<String> gates() {
        return blindness.map(why -> List.of("blind: " + why)).orElse(List.of());
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        watch.awaitHealthy(
                planned.id(),
                planned.workloadNames(),
                calm,
                "Before the components that depend on coordinators may be touched",
                context);
        blindness.ifPresent(why -> context.warn("Blind after the coordinators: whether they serve was not seen, every"
                + " component was available for " + calm.toSeconds() + " s instead: " + why));
        return StepResult.applied("every component was available for " + calm.toSeconds() + " s");
    }
}
