package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.gate.Gates;
import io.github.milvusupgrade.k8s.gate.Sight;
import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The steps of one rolling hop. The same hop and snapshot always give the same steps. */
public final class RollingPath {

    private static final String HAND_OVER = "rollingHandOver";

    private final KubeApi api;
    private final Time time;
    private final LiveInstance live;
    private final RolloutWatch watch;
    private final RollingOptions options;
    private final Gates gates;

    public RollingPath(
            KubeApi api, Time time, LiveInstance live, RolloutWatch watch, RollingOptions options, Gates gates) {
        this.api = api;
        this.time = time;
        this.live = live;
        this.watch = watch;
        this.options = options;
        this.gates = gates;
    }

    /** Note how work is handed over, for the plan: it decides which permissions that needs. */
    public ClusterSnapshot prepare(ClusterSnapshot snapshot) {
        RollingProfile profile = options.profile();
        return snapshot.withFact(
                HAND_OVER,
                Stream.of(profile.coordinators(), profile.nodes(), profile.proxies())
                        .map(manner -> manner.takeOver().name())
                        .distinct()
                        .collect(Collectors.joining(",")));
    }

    /** Whether some pods of a plan, or of its way back, hand over in a certain way. */
    public static boolean handsOver(ClusterSnapshot planned, TakeOver way) {
        return planned.fact(HAND_OVER)
                .map(ways -> Arrays.asList(ways.split(",")).contains(way.name()))
                .orElse(false);
    }

    /**
     * Active-standby first, then the components in the order of the hop, together or one after the other as the profile
     * has it, each with its gates, among them proxies that start anew to notice more, then the proof. Where Milvus
     * cannot be seen, a pause for the coordinators to settle takes the place of their gates. A component that has no
     * place in the target gets no step: a condition of the hop says so before anything starts.
     */
    public List<List<UpgradeStep>> stages(Hop hop, ClusterSnapshot snapshot, Optional<ImageReference> image) {
        List<List<UpgradeStep>> stages = new ArrayList<>();
        stages.add(List.of(new EnableActiveStandby(api, hop.to(), snapshot)));
        Set<Component> rolled = new LinkedHashSet<>(snapshot.components());
        rolled.retainAll(hop.graph().components());
        Optional<AttentiveProxies> attentive =
                options.profile().attentiveProxies(hop.from()).filter(proxies -> rolled.contains(Component.PROXY));
        Set<Component> beforeAttentive =
                attentive.map(proxies -> proxies.after().keySet()).orElse(Set.of());
        List<List<RollGroup>> order = RollGroup.of(hop.graph().stages(rolled), options.profile(), beforeAttentive);
        Optional<Sight> sight = Sight.of(snapshot);
        Optional<String> blindness = sight.flatMap(Sight::blindness);
        boolean sees = sight.isPresent() && blindness.isEmpty();
        if (attentive.isPresent() && beforeAttentive.isEmpty()) {
            stages.add(restartOfProxies(hop, snapshot, image));
        }
        for (int i = 0; i < order.size(); i++) {
            stages.add(order.get(i).stream()
                    .map(group -> roll(group, RollAim.target(hop, targetsOf(hop, image)), snapshot))
                    .toList());
            if (order.get(i).stream().anyMatch(group -> group.hasOneOf(beforeAttentive))) {
                stages.add(restartOfProxies(hop, snapshot, image));
            }
            if (isLastOfCoordinators(order, i)
                    && !sees
                    && !options.coordinatorSettling().isZero()) {
                stages.add(List.of(
                        new SettleCoordinators(watch, hop.to(), snapshot, options.coordinatorSettling(), blindness)));
            }
        }
        stages.add(List.of(new VerifyTarget(api, watch, hop.to(), snapshot, () -> targetsOf(hop, image)).askingEtcd()));
        return stages;
    }

    private UpgradeStep roll(RollGroup group, RollAim aim, ClusterSnapshot snapshot) {
        return new RollComponents(api, time, live, watch, options, gates, snapshot, group, aim);
    }

    private List<UpgradeStep> restartOfProxies(Hop hop, ClusterSnapshot snapshot, Optional<ImageReference> image) {
        RollGroup proxies = new RollGroup(ComponentKind.PROXIES, List.of(Component.PROXY));
        return List.of(roll(proxies, RollAim.restart(hop, targetsOf(hop, image)), snapshot));
    }

    /** Whether a stage has coordinators, and those after it, of which there is at least one, have none. */
    private static boolean isLastOfCoordinators(List<List<RollGroup>> order, int stage) {
        List<List<RollGroup>> after = order.subList(stage + 1, order.size());
        return hasCoordinator(order.get(stage))
                && !after.isEmpty()
                && after.stream().noneMatch(RollingPath::hasCoordinator);
    }

    private static boolean hasCoordinator(List<RollGroup> stage) {
        return stage.stream().anyMatch(group -> group.kind() == ComponentKind.COORDINATORS);
    }

    private static TargetImages targetsOf(Hop hop, Optional<ImageReference> image) {
        return workload -> image(workload, hop, image).toString();
    }

    /** What a workload is to run: the image that the caller chose, or its own with the tag of the target. */
    public static ImageReference image(Workload workload, Hop hop, Optional<ImageReference> chosen) {
        return chosen.orElseGet(() -> ImageReference.parse(workload.image()).withVersion(hop.to()));
    }
}
