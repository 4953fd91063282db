package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.gate.Gates;
import io.github.milvusupgrade.k8s.gate.Rolled;
import io.github.milvusupgrade.k8s.gate.SeenActive;
import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.path.WayBack;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Rolls the Deployments of a component, or of several that are replaced together, to the image of the hop. Before it
 * begins it looks whether all other components still are healthy: a rollout must never add to an outage.
 */
final class RollComponents implements DryRunnable {

    private static final String SETTLING = "those that take over settle";
    private static final String NOTICING = "old pods stay until everybody can have noticed";

    private final KubeApi api;
    private final Time time;
    private final LiveInstance live;
    private final RolloutWatch watch;
    private final RollingOptions options;
    private final Gates gates;
    private final ClusterSnapshot planned;
    private final ClusterId cluster;
    private final RollGroup group;
    private final Map<Component, List<Workload>> workloads;
    private final Hop hop;
    private final TargetImages images;
    private final RollTargets targets;
    private final DeploymentRoll roll;
    private final ServiceSwitch services;
    private final TemporaryEdit temporary;

    RollComponents(
            KubeApi api,
            Time time,
            LiveInstance live,
            RolloutWatch watch,
            RollingOptions options,
            Gates gates,
            ClusterSnapshot planned,
            RollGroup group,
            Hop hop,
            TargetImages images) {
        this.api = api;
        this.time = time;
        this.live = live;
        this.watch = watch;
        this.options = options;
        this.gates = gates;
        this.planned = planned;
        this.cluster = planned.id();
        this.group = group;
        this.workloads = group.components().stream()
                .collect(Collectors.toMap(
                        component -> component, planned::workloads, (one, other) -> one, LinkedHashMap::new));
        this.hop = hop;
        this.images = images;
        this.targets = new RollTargets(cluster, hop, images, options.profile(), group.kind());
        this.roll = new DeploymentRoll(api, live, watch, cluster.namespace());
        this.services = new ServiceSwitch(api, live, cluster.namespace());
        TemporarySettings settings = options.profile().temporary();
        boolean meant =
                group.kind() == ComponentKind.COORDINATORS && settings.targets().contains(hop.to());
        this.temporary = new TemporaryEdit(api, StandbyConfig.of(planned), meant ? settings.settings() : List.of());
    }

    @Override
    public StepId id() {
        return StepId.of(hop.to() + "/roll/" + group.name());
    }

    @Override
    public String summary() {
        int components = group.components().size();
        int deployments = all(group.components()).size();
        return "roll " + group.text() + " to " + hop.to() + (components > 1 ? " together" : "")
                + (deployments > components ? " (" + deployments + " Deployments)" : "");
    }

    @Override
    public Set<Component> components() {
        return Set.copyOf(group.components());
    }

    @Override
    public Map<String, String> capture(StepContext context) throws InterruptedException {
        Map<String, DeploymentView> deployments = watch.awaitHealthy(
                cluster,
                context.snapshot().workloadNames(),
                Duration.ZERO,
                "Before " + group.text() + " may be touched",
                context);
        Map<String, String> facts = targets.capture(all(group.components()), deployments);
        TargetImages runsNow = workload -> RollTargets.imageBefore(workload, facts);
        Map<Component, Rolled> before =
                rolled(group.components(), component -> rolled(component, hop.from(), facts, runsNow));
        facts.putAll(gates.capture(before, hop.to(), context));
        boolean somethingStarts = all(group.components()).stream()
                .anyMatch(workload -> !images.of(workload).equals(runsNow.of(workload)));
        if (somethingStarts) {
            facts.putAll(temporary.capture(context));
        }
        if (manner().takeOver() == TakeOver.BY_SERVICE) {
            List<DeploymentView> own = all(group.components()).stream()
                    .map(workload -> Objects.requireNonNull(deployments.get(workload.name())))
                    .toList();
            facts.putAll(services.capture(own, deployments.values(), context));
        }
        return facts;
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        temporary.putIn(context);
        Way forth = new Way(
                waves(group.components()),
                workload -> targets.forth(workload, context),
                component -> rolled(component, hop.to(), context.captured(), images),
                hop.to());
        String runs = group.components().size() == 1 ? " runs " : " run ";
        return bring(forth, group.text() + runs + imagesInWords(), context);
    }

    @Override
    public List<PlannedPatch> patches(ClusterSnapshot now, Map<String, DeploymentView> deployments, Duration atMost) {
        StepContext context = new DryRunContext(now, targets.capture(all(group.components()), deployments), atMost);
        List<PlannedPatch> patches = new ArrayList<>();
        temporary.patch(context).ifPresent(patches::add);
        all(group.components()).stream()
                .map(workload -> roll.firstPatch(targets.forth(workload, context), context))
                .flatMap(Optional::stream)
                .forEach(patches::add);
        return patches;
    }

    @Override
    public Map<String, Integer> podsBeside() {
        return all(group.components()).stream()
                .collect(Collectors.toMap(
                        Workload::name, workload -> Math.max(1, targets.besides(workload.replicas()))));
    }

    @Override
    public Undo undo() {
        return hop.wayBack() == WayBack.ONE_WAY
                ? Undo.impossible(
                        hop.from() + " may not read what " + hop.to() + " has written (rule " + hop.ruleId() + ")")
                : Undo.by("roll " + group.text() + " back to " + hop.from(), this::rollBack);
    }

    @Override
    public List<String> gates() {
        List<String> lines = new ArrayList<>();
        if (manner().keepsOldPods() && group.kind() == ComponentKind.COORDINATORS) {
            lines.addAll(gates.describeStandingBy(planned, group.components()));
        }
        group.components().forEach(component -> lines.addAll(gates.describe(planned, component, hop.to())));
        return lines.stream().distinct().toList();
    }

    @Override
    public Duration timeout() {
        int pods = all(group.components()).stream().mapToInt(Workload::replicas).sum();
        return options.timeoutPerPod().multipliedBy(Math.max(1, pods) + 1L);
    }

    private StepResult rollBack(StepContext context) throws InterruptedException {
        for (Workload workload : all(group.components())) {
            services.leadToAllPods(workload.name(), context);
        }
        Way back = new Way(
                waves(reversed(group.components())).stream()
                        .map(RollComponents::reversed)
                        .toList(),
                workload -> targets.back(workload, context),
                component -> rolled(
                        component,
                        hop.from(),
                        context.captured(),
                        workload -> RollTargets.imageBefore(workload, context.captured())),
                // The order is the reverse: what depends on coordinators goes back before them.
                group.kind() == ComponentKind.COORDINATORS ? hop.from() : hop.to());
        String are = group.components().size() == 1 ? " is as it was" : " are as they were";
        return bring(back, group.text() + are + " before the upgrade", context);
    }

    private StepResult bring(Way way, String outcome, StepContext context) throws InterruptedException {
        boolean changed = false;
        List<String> seen = new ArrayList<>();
        for (List<Workload> wave : way.waves()) {
            List<RollTarget> wanted = wave.stream().map(way.target()).toList();
            List<Rolling> started = roll.start(wanted, context);
            changed |= manner().keepsOldPods() ? handOver(way, started, seen, context) : roll.finish(started, context);
        }
        changed |= temporary.takeBack(context);
        if (!manner().keepsOldPods()) {
            pass(way, group.components(), new SeenActive(), seen, context);
        }
        String and = String.join(", ", seen);
        String text = outcome + (changed ? "" : " already") + (and.isEmpty() ? "" : ", " + and);
        return changed ? StepResult.applied(text) : StepResult.alreadyApplied(text);
    }

    /**
     * Nothing has been taken from clients until every new pod is ready, or stands by: a failure before that costs
     * nothing.
     */
    private boolean handOver(Way way, List<Rolling> started, List<String> seen, StepContext context)
            throws InterruptedException {
        roll.awaitReadyBeside(started, context);
        if (group.kind() == ComponentKind.COORDINATORS) {
            gates.awaitStandingBy(rolled(group.components(), way.rolled()), context);
        }
        StepDown stepDown = new StepDown(api, time, live);
        SeenActive active = new SeenActive();
        boolean changed = false;
        List<Rolling> retired = new ArrayList<>();
        List<Component> retiredComponents = new ArrayList<>();
        for (Set<Component> next : options.profile().handOver().of(group.components())) {
            List<Component> taking =
                    group.components().stream().filter(next::contains).toList();
            Set<String> names = all(taking).stream().map(Workload::name).collect(Collectors.toSet());
            List<Rolling> part = started.stream()
                    .filter(rolling -> names.contains(rolling.target().deployment()))
                    .toList();
            if (retire(way, taking, part, active, stepDown, context)) {
                retired.addAll(part);
                retiredComponents.addAll(taking);
            } else {
                changed |= roll.finish(roll.release(part, context), context);
                pass(way, taking, active, seen, context);
            }
        }
        if (!retired.isEmpty() && manner().takeOver() == TakeOver.STEPPING_DOWN) {
            stepDown.keepDown(NOTICING, manner().noticing(), context);
        } else if (!retired.isEmpty()) {
            watch.pause(manner().noticing(), NOTICING, context);
        }
        changed |= roll.finish(roll.release(retired, context), context);
        for (Rolling rolling : started) {
            changed |= services.leadToAllPods(rolling.target().deployment(), context);
        }
        pass(way, retiredComponents, active, seen, context);
        return changed;
    }

    /** Take the work from old pods while they are still there; answers whether they have none any more. */
    private boolean retire(
            Way way,
            List<Component> taking,
            List<Rolling> part,
            SeenActive active,
            StepDown stepDown,
            StepContext context)
            throws InterruptedException {
        switch (manner().takeOver()) {
            case STEPPING_DOWN -> {
                boolean asked = stepDown.ask(part, context);
                if (asked) {
                    settle(rolled(taking, way.rolled()), active, stepDown, context);
                }
                return asked;
            }
            case BY_SERVICE -> {
                return services.leadToNewPods(part, context);
            }
            default -> {
                return false;
            }
        }
    }

    /**
     * Whoever is not active when it has had time to take over gets that time once more when it is: coordinators of some
     * versions end themselves once at first, and the next ones need them.
     */
    private void settle(Map<Component, Rolled> taking, SeenActive active, StepDown stepDown, StepContext context)
            throws InterruptedException {
        boolean settled = false;
        while (!settled) {
            stepDown.keepDown(SETTLING, options.profile().handOver().settling(), context);
            settled = gates.awaitTakenOver(taking, active, stepDown.untilTakenOver(context), context);
        }
    }

    private static Map<Component, Rolled> rolled(List<Component> components, Function<Component, Rolled> rolled) {
        Map<Component, Rolled> all = new LinkedHashMap<>();
        components.forEach(component -> all.put(component, rolled.apply(component)));
        return all;
    }

    private void pass(Way way, List<Component> components, SeenActive active, List<String> seen, StepContext context)
            throws InterruptedException {
        seen.addAll(gates.pass(rolled(components, way.rolled()), way.coordinators(), active, context));
    }

    /** What is replaced at the same time; of one component with several Deployments one after the other. */
    private List<List<Workload>> waves(List<Component> components) {
        if (manner().keepsOldPods()) {
            return List.of(all(components));
        }
        List<List<Workload>> waves = new ArrayList<>();
        for (Component component : components) {
            List<Workload> own = workloadsOf(component);
            for (int i = 0; i < own.size(); i++) {
                if (waves.size() == i) {
                    waves.add(new ArrayList<>());
                }
                waves.get(i).add(own.get(i));
            }
        }
        return waves;
    }

    private List<Workload> all(List<Component> components) {
        return components.stream()
                .flatMap(component -> workloadsOf(component).stream())
                .toList();
    }

    private List<Workload> workloadsOf(Component component) {
        return Objects.requireNonNull(workloads.get(component));
    }

    private static <T> List<T> reversed(List<T> forwards) {
        List<T> backwards = new ArrayList<>(forwards);
        Collections.reverse(backwards);
        return backwards;
    }

    /** What runs after a roll, without the Deployments that have no replicas: nothing can be seen of those. */
    private Rolled rolled(
            Component component, MilvusVersion version, Map<String, String> captured, TargetImages images) {
        Map<Workload, String> running = new LinkedHashMap<>();
        workloadsOf(component).stream()
                .filter(workload -> !RollTargets.hadNoReplicas(workload, captured))
                .forEach(workload -> running.put(workload, images.of(workload)));
        return new Rolled(running, version);
    }

    private RollManner manner() {
        return options.profile().manner(group.kind());
    }

    private String imagesInWords() {
        return all(group.components()).stream().map(images::of).distinct().collect(Collectors.joining(" and "));
    }

    /**
     * One of the two directions.
     *
     * @param waves the Deployments that are replaced at the same time, wave after wave
     * @param target what each of them is to be brought to
     * @param rolled what then runs of a component
     * @param coordinators the version that the coordinators run then
     */
    private record Way(
            List<List<Workload>> waves,
            Function<Workload, RollTarget> target,
            Function<Component, Rolled> rolled,
            MilvusVersion coordinators) {}
}
