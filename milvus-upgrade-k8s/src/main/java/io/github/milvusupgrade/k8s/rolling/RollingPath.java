package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The steps of one rolling hop. The same hop and snapshot always give the same steps. */
public final class RollingPath {

    private final KubeApi api;
    private final RolloutWatch watch;
    private final RollingOptions options;

    public RollingPath(KubeApi api, RolloutWatch watch, RollingOptions options) {
        this.api = api;
        this.watch = watch;
        this.options = options;
    }

    /**
     * Active-standby first, then component after component in the order of the hop, then the proof. A component that
     * has no place in the target gets no step: a condition of the hop says so before anything starts.
     */
    public List<List<UpgradeStep>> stages(Hop hop, ClusterSnapshot snapshot, Optional<ImageReference> image) {
        List<List<UpgradeStep>> stages = new ArrayList<>();
        stages.add(List.of(new EnableActiveStandby(api, hop.to(), snapshot)));
        Set<Component> rolled = new LinkedHashSet<>(snapshot.components());
        rolled.retainAll(hop.graph().components());
        for (List<Component> stage : hop.graph().stages(rolled)) {
            stages.add(stage.stream()
                    .<UpgradeStep>map(component -> roll(hop, snapshot, component, image))
                    .toList());
        }
        stages.add(List.of(new VerifyTarget(api, watch, hop.to(), snapshot, () -> targetsOf(hop, image))));
        return stages;
    }

    private UpgradeStep roll(Hop hop, ClusterSnapshot snapshot, Component component, Optional<ImageReference> image) {
        List<Workload> workloads = snapshot.workloads(component);
        return new RollComponent(api, watch, options, snapshot.id(), component, workloads, hop, targetsOf(hop, image));
    }

    private static TargetImages targetsOf(Hop hop, Optional<ImageReference> image) {
        return workload -> image(workload, hop, image).toString();
    }

    /** What a workload is to run: the image that the caller chose, or its own with the tag of the target. */
    static ImageReference image(Workload workload, Hop hop, Optional<ImageReference> chosen) {
        return chosen.orElseGet(() -> ImageReference.parse(workload.image()).withVersion(hop.to()));
    }
}
