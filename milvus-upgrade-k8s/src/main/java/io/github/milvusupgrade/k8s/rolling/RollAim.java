package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.Map;
import java.util.Optional;

/**
 * What a step brings Deployments to.
 *
 * @param hop the hop that the step belongs to
 * @param restarts whether what runs before the hop starts anew, instead of what the hop leads to
 * @param target the images that the hop leads to
 */
record RollAim(Hop hop, boolean restarts, TargetImages target) {

    /** To what the hop leads to. */
    static RollAim target(Hop hop, TargetImages target) {
        return new RollAim(hop, false, target);
    }

    /** To new pods of what runs before the hop. */
    static RollAim restart(Hop hop, TargetImages target) {
        return new RollAim(hop, true, target);
    }

    StepId step(RollGroup group) {
        return StepId.of(hop.to() + (restarts ? "/restart/" : "/roll/") + group.name());
    }

    /** The version that runs after the step. */
    MilvusVersion version() {
        return restarts ? hop.from() : hop.to();
    }

    /** The images that run after the step, by what is captured of it. */
    TargetImages images(Map<String, String> captured) {
        return restarts ? RollTargets.imagesBefore(captured) : target;
    }

    /** Whether a workload was captured with what the hop leads to. */
    boolean ranTarget(Workload workload, Map<String, String> captured) {
        return RollTargets.imagesBefore(captured).of(workload).equals(target.of(workload));
    }

    /** What tells pods that start anew from those before; nothing where the target runs already. */
    Optional<String> mark(Workload workload, Map<String, String> captured) {
        return restarts && !ranTarget(workload, captured) ? Optional.of(hop.to().toString()) : Optional.empty();
    }
}
