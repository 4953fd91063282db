package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.config.Setting;
import io.github.milvusupgrade.k8s.gate.Gates;
import io.github.milvusupgrade.k8s.gate.Rolled;
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
    private final RollAim aim;
    private final RollTargets targets;
    private final DeploymentRoll roll;
    private final ServiceSwitch services;
    private final TemporaryEdit temporary;
    private final boolean settingsAreForTheWayBack;

    RollComponents(
            KubeApi api,
            Time time,
            LiveInstance live,
            RolloutWatch watch,
            RollingOptions options,
            Gates gates,
            ClusterSnapshot planned,
            RollGroup group,
            RollAim aim) {
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
        this.aim = aim;
        this.targets = new RollTargets(cluster, aim, options.profile(), group.kind());
        this.roll = new DeploymentRoll(api, live, watch, cluster.namespace());
        this.services = new ServiceSwitch(api, live, cluster.namespace());
        this.temporary = new TemporaryEdit(api, StandbyConfig.of(planned), settings());
        this.settingsAreForTheWayBack = group.kind() == ComponentKind.PROXIES && !aim.restarts();
    }

    /** Of new coordinators, and of attentive proxies: as these start anew, and as they come back from the target. */
    private List<Setting> settings() {
        return switch (group.kind()) {
            case COORDINATORS -> options.profile().temporary().of(aim.hop().to());
            case NODES -> List.of();
            case PROXIES ->
                options.profile()
                        .attentiveProxies(aim.hop().from())
                        .map(AttentiveProxies::settings)
                        .orElse(List.of());
        };
    }

    @Override
    public StepId id() {
        return aim.step(group);
    }

    @Override
    public String summary() {
        int components = group.components().size();
        int deployments = all(group.components()).size();
        String several = deployments > components ? " (" + deployments + " Deployments)" : "";
        return aim.restarts()
                ? "restart " + group.text() + several + " so that it notices hand-overs sooner"
                : "roll " + group.text() + " to " + aim.version() + (components > 1 ? " together" : "") + several;
    }

    @Override
    public Set<Component> components() {
        // What callers put before or after a component belongs to the step that brings its target.
        return aim.restarts() ? Set.of() : Set.copyOf(group.components());
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
        TargetImages runsNow = RollTargets.imagesBefore(facts);
        Map<Component, Rolled> before = new LinkedHashMap<>();
        group.components()
                .forEach(component ->
                        before.put(component, rolled(component, aim.hop().from(), facts, runsNow)));
        facts.putAll(gates.capture(before, aim.version(), context));
        if (somethingReads(facts)) {
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

    /** Whether pods start that are to read temporary settings. */
    private boolean somethingReads(Map<String, String> facts) {
        return all(group.components()).stream()
                .anyMatch(workload -> settingsAreForTheWayBack
                        ? RollTargets.markBefore(workload, facts).isPresent()
                        : !aim.ranTarget(workload, facts));
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        Optional<String> obstacle = aim.restarts() ? obstacle(context) : Optional.empty();
        if (obstacle.isPresent()) {
            return StepResult.alreadyApplied(group.text() + " stays as it is: " + obstacle.get());
        }
        if (!settingsAreForTheWayBack) {
            temporary.putIn(context);
        }
        TargetImages images = aim.images(context.captured());
        Way forth = new Way(
                false,
                waves(group.components(), context),
                workload -> targets.forth(workload, context),
                component -> rolled(component, aim.version(), context.captured(), images),
                aim.version());
        String runs = group.components().size() == 1 ? " runs " : " run ";
        String inNewPods = aim.restarts() ? " in new pods" : "";
        return bring(forth, group.text() + runs + inWords(images) + inNewPods, context);
    }

    /** Why to start anew would do more harm than good. */
    private Optional<String> obstacle(StepContext context) {
        if (!temporary.isWhole(context)) {
            return Optional.of(
                    "not all of " + settings().stream().map(Setting::name).toList() + " can be set for a while");
        }
        boolean led = all(group.components()).stream().allMatch(workload -> services.leadTo(workload.name(), context));
        return led || manner().takeOver() != TakeOver.BY_SERVICE
                ? Optional.empty()
                : Optional.of("no Service of its own is known, so old pods could not go unnoticed");
    }

    @Override
    public List<PlannedPatch> patches(ClusterSnapshot now, Map<String, DeploymentView> deployments, Duration atMost) {
        StepContext context = new DryRunContext(now, targets.capture(all(group.components()), deployments), atMost);
        List<PlannedPatch> patches = new ArrayList<>();
        if (!settingsAreForTheWayBack) {
            temporary.patch(!aim.restarts(), context).ifPresent(patches::add);
        }
        if (aim.restarts() && patches.isEmpty()) {
            return patches;
        }
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
                        Workload::name,
                        workload -> Math.max(1, targets.besides(workload.component(), workload.replicas(), Map.of()))));
    }

    @Override
    public Undo undo() {
        if (aim.restarts()) {
            return Undo.by("restart " + group.text() + " with the settings from before", this::rollBack);
        }
        Hop hop = aim.hop();
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
        group.components()
                .forEach(component -> lines.addAll(
                        aim.restarts()
                                ? gates.describeOwn(planned, component, aim.version())
                                : gates.describe(planned, component, aim.version())));
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
        if (settingsAreForTheWayBack) {
            temporary.putIn(context);
        }
        MilvusVersion before = aim.hop().from();
        Way back = new Way(
                true,
                waves(reversed(group.components()), context).stream()
                        .map(RollComponents::reversed)
                        .toList(),
                workload -> targets.back(workload, context),
                component ->
                        rolled(component, before, context.captured(), RollTargets.imagesBefore(context.captured())),
                // The order is the reverse: what depends on coordinators goes back before them.
                group.kind() == ComponentKind.COORDINATORS ? before : aim.version());
        String are = group.components().size() == 1 ? " is as it was" : " are as they were";
        return bring(back, group.text() + are + " before the upgrade", context);
    }

    private StepResult bring(Way way, String outcome, StepContext context) throws InterruptedException {
        boolean changed = false;
        RollGates passed = new RollGates(gates, aim.restarts(), way.rolled(), way.coordinators());
        for (List<Workload> wave : way.waves()) {
            List<RollTarget> wanted = wave.stream().map(way.target()).toList();
            List<Rolling> started = roll.start(wanted, context);
            changed |= manner().keepsOldPods()
                    ? handOver(passed).toNewPods(started, context)
                    : roll.finish(join(started, way, passed, context), context);
        }
        if (way.back() || !settingsAreForTheWayBack) {
            changed |= temporary.takeBack(context);
        }
        if (!manner().keepsOldPods()) {
            passed.pass(group.components(), context);
        }
        String and = String.join(", ", passed.seen());
        String text = outcome + (changed ? "" : " already") + (and.isEmpty() ? "" : ", " + and);
        return changed ? StepResult.applied(text) : StepResult.alreadyApplied(text);
    }

    /** New nodes join old ones where they have to, then the old ones of each component go. */
    private List<Rolling> join(List<Rolling> started, Way way, RollGates passed, StepContext context)
            throws InterruptedException {
        List<Rolling> joined = roll.letJoin(started, context);
        if (!way.back() && targets.channelsAreHandedOver(context.captured())) {
            passed.awaitChannels(manner().noticing(), context);
        }
        List<Rolling> going = new ArrayList<>();
        for (Component component : group.components()) {
            Set<String> own =
                    workloadsOf(component).stream().map(Workload::name).collect(Collectors.toSet());
            going.addAll(roll.letOldGo(
                    joined.stream()
                            .filter(one -> own.contains(one.target().deployment()))
                            .toList(),
                    context));
        }
        return going;
    }

    private HandOver handOver(RollGates passed) {
        return new HandOver(
                group,
                this::workloadsOf,
                options.profile(),
                roll,
                watch,
                new HungCoordinators(api, time, live, passed),
                new StepDown(api, time, live),
                services,
                passed,
                new Noticing(options.profile(), group, aim.hop().from(), planned, live));
    }

    /** What is replaced at the same time; of one component with several Deployments one after the other. */
    private List<List<Workload>> waves(List<Component> components, StepContext context) {
        if (targets.standTogether(components, context.captured())) {
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

    private String inWords(TargetImages images) {
        return all(group.components()).stream().map(images::of).distinct().collect(Collectors.joining(" and "));
    }

    /**
     * One of the two directions.
     *
     * @param back whether it is the way back
     * @param waves the Deployments that are replaced at the same time, wave after wave
     * @param target what each of them is to be brought to
     * @param rolled what then runs of a component
     * @param coordinators the version that the coordinators run then
     */
    private record Way(
            boolean back,
            List<List<Workload>> waves,
            Function<Workload, RollTarget> target,
            Function<Component, Rolled> rolled,
            MilvusVersion coordinators) {}
}
