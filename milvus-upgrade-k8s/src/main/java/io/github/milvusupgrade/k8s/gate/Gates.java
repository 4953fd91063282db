package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.probe.MilvusProbe;
import io.github.milvusupgrade.k8s.probe.PodHealth;
import io.github.milvusupgrade.k8s.probe.Seen;
import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.Gate;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The gates of an instance: one of the library for each component, then those of the caller. Safe for many threads. */
public final class Gates {

    /** How long a pod may take to answer: it does so from memory. */
    static final Duration ANSWER = Duration.ofSeconds(5);

    /** As long as a data coordinator waits by the settings of {@code gentle}, and some time to begin once more. */
    private static final Duration CHANNELS = Duration.ofSeconds(40);

    private static final int ASKED_BEFOREHAND = 2;
    private static final String SWITCHED_OFF = "KubernetesOptions.withProbe(false)";

    private final KubeApi api;
    private final LiveInstance live;
    private final MilvusProbe probe;
    private final Time time;
    private final GateOptions options;
    private final Gatekeeper keeper;

    /** Make the gates of the instances in one namespace. */
    public Gates(KubeApi api, LiveInstance live, String namespace, RolloutWatch watch, Time time, GateOptions options) {
        this.api = api;
        this.live = live;
        this.probe = new MilvusProbe(api, namespace, ANSWER);
        this.time = time;
        this.options = options;
        this.keeper = new Gatekeeper(watch, time, options, this::look);
    }

    /** Find out whether Milvus can be seen, and note it for the plan: a list of pods and one question, mostly. */
    public ClusterSnapshot prepare(ClusterSnapshot snapshot) {
        return look(snapshot).in(snapshot);
    }

    private Sight look(ClusterSnapshot snapshot) {
        if (!options.probe()) {
            return Sight.blind(SWITCHED_OFF);
        }
        String why = "no pod of it is ready";
        List<PodView> ready;
        try {
            ready = InstancePods.now(api, snapshot.id()).of(snapshot.workloads()).stream()
                    .filter(PodView::ready)
                    .limit(ASKED_BEFOREHAND)
                    .toList();
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.FORBIDDEN)) {
                return Sight.blind("the account may not list pods (403)");
            }
            throw e;
        }
        for (PodView pod : ready) {
            Seen<PodHealth> seen = probe.health(pod.name());
            if (!(seen instanceof Seen.Blind<PodHealth> blind)) {
                return Sight.clear();
            }
            why = blind.why();
        }
        return Sight.blind(why);
    }

    /** What has to be seen after a component was rolled to a version, for the plan. */
    public List<String> describe(ClusterSnapshot planned, Component component, MilvusVersion to) {
        List<String> lines = new ArrayList<>(describeOwn(planned, component, to));
        gatesOfCaller(component).map(Gate::describe).forEach(lines::add);
        return lines;
    }

    /** What has to be seen after a component was started anew in its version, for the plan. */
    public List<String> describeOwn(ClusterSnapshot planned, Component component, MilvusVersion version) {
        List<String> lines = new ArrayList<>();
        Optional<Sight> sight = Sight.of(planned);
        if (sight.isPresent() && sight.get().blindness().isEmpty()) {
            lines.add(
                    coordinates(component)
                            ? CoordinatorGate.describe(component)
                            : NodeGate.describe(component, version));
        } else if (sight.isPresent() && !component.isCoordinator()) {
            lines.add("blind, " + resting());
        }
        return lines;
    }

    /** What has to be seen of coordinators that stand by before the first takes over, for the plan. */
    public List<String> describeStandingBy(ClusterSnapshot planned, List<Component> components) {
        return Sight.of(planned)
                .map(sight -> sight.blindness().isEmpty()
                        ? "every new " + names(components) + " stands by before the first takes over"
                        : "blind, " + options.rest().toSeconds()
                                + " s are waited before the first new coordinator takes over")
                .stream()
                .toList();
    }

    /**
     * Come back when every new coordinator stands by beside the old one, or leads already.
     *
     * @throws io.github.milvusupgrade.error.UpgradeException with {@code GATE_NOT_PASSED} if one does not come to
     */
    public void awaitStandingBy(Map<Component, Rolled> started, StepContext context) throws InterruptedException {
        Optional<Sight> sight = Sight.of(context.snapshot());
        if (sight.isEmpty()) {
            return;
        }
        Optional<String> blindness = blindness(sight.get());
        if (blindness.isPresent()) {
            keeper.restBesideOld(names(List.copyOf(started.keySet())), blindness.get(), context);
            return;
        }
        keeper.passBeforeHandOver(gates(started, StandbyGate::new), context);
    }

    /**
     * Come back when a new pod of each coordinator is active, while old ones are still there. Blind, at once.
     *
     * @param seenActive those that were seen active before are not asked again
     * @param meanwhile what has to be done each second until then
     * @return whether they were at the first look
     * @throws io.github.milvusupgrade.error.UpgradeException with {@code GATE_NOT_PASSED} if one does not come to
     */
    public boolean awaitTakenOver(
            Map<Component, Rolled> rolled, SeenActive seenActive, Runnable meanwhile, StepContext context)
            throws InterruptedException {
        return !sees(context)
                || keeper.passBesideOld(
                        gates(rolled, (component, runs) -> CoordinatorGate.besideOld(component, runs, seenActive)),
                        meanwhile,
                        context);
    }

    /**
     * Whether a coordinator hangs as it ends: nobody listens at the ports of its container, and Kubernetes takes it for
     * ready, because {@code /healthz} goes on saying that it is healthy. Blind, it does not.
     */
    public boolean hangs(PodView coordinator, String container, StepContext context) {
        return sees(context)
                && coordinator.ready()
                && probe.listensNowhere(coordinator.name(), coordinator.ports(container));
    }

    /** A gate for each component of which something can be seen. */
    private static List<MilvusGate> gates(
            Map<Component, Rolled> rolled, BiFunction<Component, Rolled, MilvusGate> gate) {
        return rolled.entrySet().stream()
                .filter(one -> !one.getValue().images().isEmpty())
                .map(one -> gate.apply(one.getKey(), one.getValue()))
                .toList();
    }

    private static String names(List<Component> components) {
        return components.stream().map(Component::name).collect(Collectors.joining(", "));
    }

    /** What is done instead of looking, as a part of a sentence. */
    public String resting() {
        return options.rest().isZero()
                ? "nothing is waited for instead"
                : "every component is available for " + options.rest().toSeconds() + " s instead";
    }

    /** What the gates after components will have to know of how they were before; mostly nothing. */
    public Map<String, String> capture(Map<Component, Rolled> before, MilvusVersion coordinators, StepContext context) {
        Map<String, String> facts = new LinkedHashMap<>();
        if (sees(context)) {
            Look look = look(context);
            before.forEach((component, runs) -> {
                if (!coordinates(component) && !runs.images().isEmpty()) {
                    facts.putAll(new NodeGate(component, coordinators, runs, time).capture(look, context));
                }
            });
        }
        return facts;
    }

    /**
     * How many in-memory replicas there may be of a collection that a component serves, by what was captured before it
     * was rolled: as many as nodes that serve it, if there are no more. One, if nothing is known of that.
     */
    public static int replicasInMemory(Component component, Map<String, String> captured) {
        return NodeGate.replicasInMemory(component, captured);
    }

    /**
     * Whether old data nodes have to stay until new ones write from the channels of what is loaded, by what was
     * captured before they are rolled; with them old query nodes, which would otherwise go before new ones can search.
     */
    public static boolean channelsAreHandedOver(MilvusVersion from, MilvusVersion to, Map<String, String> captured) {
        return ChannelHandOver.isAwaited(from, to, captured);
    }

    /**
     * Come back when new data nodes write from the channels of what is loaded, or did not come to; old ones are still
     * there. Blind, at once.
     *
     * @param keeping how long they must have kept them
     */
    public void awaitChannels(Rolled dataNodes, Duration keeping, StepContext context) throws InterruptedException {
        if (sees(context)) {
            Duration longest = Deadline.shorter(options.budget().dividedBy(2), CHANNELS);
            keeper.passBesideOld(List.of(new ChannelHandOver(dataNodes, keeping, longest, time)), () -> {}, context);
        }
    }

    /**
     * Come back when every gate after components lets the run pass.
     *
     * @param coordinators the version that the coordinators run meanwhile
     * @param seenActive those that were seen active before are not asked again
     * @return what was seen of each; nothing of those at which nothing was looked at
     * @throws io.github.milvusupgrade.error.UpgradeException with {@code GATE_NOT_PASSED} if one does not
     */
    public List<String> pass(
            Map<Component, Rolled> rolled, MilvusVersion coordinators, SeenActive seenActive, StepContext context)
            throws InterruptedException {
        Map<Component, List<String>> seen = passOwnOf(rolled, coordinators, seenActive, context);
        List<MilvusGate> more = rolled.keySet().stream()
                .flatMap(component -> gatesOfCaller(component).map(gate -> MilvusGate.ofCaller(gate, component)))
                .toList();
        pass(more, seen, context);
        return lines(seen);
    }

    /** The same without the gates of the caller: those are for components that were rolled to another version. */
    public List<String> passOwn(Map<Component, Rolled> restarted, MilvusVersion coordinators, StepContext context)
            throws InterruptedException {
        return lines(passOwnOf(restarted, coordinators, new SeenActive(), context));
    }

    private Map<Component, List<String>> passOwnOf(
            Map<Component, Rolled> rolled, MilvusVersion coordinators, SeenActive seenActive, StepContext context)
            throws InterruptedException {
        Map<Component, List<String>> seen = new LinkedHashMap<>();
        rolled.keySet().forEach(component -> seen.put(component, new ArrayList<>()));
        Optional<Sight> sight = Sight.of(context.snapshot());
        if (sight.isEmpty()) {
            return seen;
        }
        Optional<String> blindness = blindness(sight.get());
        if (blindness.isEmpty()) {
            pass(gates(rolled, (component, runs) -> after(component, runs, coordinators, seenActive)), seen, context);
            return seen;
        }
        for (Component component : rolled.keySet()) {
            boolean looked = !of(rolled, component).images().isEmpty()
                    && (!component.isCoordinator() || sight.get().blindness().isEmpty());
            if (looked) {
                of(seen, component).add(keeper.rest(component.name(), blindness.get(), context));
            }
        }
        return seen;
    }

    private static List<String> lines(Map<Component, List<String>> seen) {
        return seen.values().stream()
                .filter(lines -> !lines.isEmpty())
                .map(lines -> String.join("; ", lines))
                .toList();
    }

    private void pass(List<MilvusGate> gates, Map<Component, List<String>> seen, StepContext context)
            throws InterruptedException {
        List<String> saw = keeper.pass(gates, context);
        for (int i = 0; i < gates.size(); i++) {
            of(seen, gates.get(i).component()).add(saw.get(i));
        }
    }

    private MilvusGate after(Component component, Rolled rolled, MilvusVersion coordinators, SeenActive seenActive) {
        return coordinates(component)
                ? CoordinatorGate.afterOld(component, rolled, seenActive)
                : new NodeGate(component, coordinators, rolled, time);
    }

    private static <T> T of(Map<Component, T> map, Component component) {
        return Objects.requireNonNull(map.get(component));
    }

    private Look look(StepContext context) {
        return new Look(() -> pods(context), probe);
    }

    private InstancePods pods(StepContext context) {
        try (LiveInstance.Looking looking = live.look()) {
            looking.refreshIfSilent(context);
            return InstancePods.among(looking.pods(context));
        }
    }

    /** Why nothing can be seen: what the plan found, unless the caller has switched it off since. */
    private Optional<String> blindness(Sight sight) {
        return options.probe() ? sight.blindness() : Optional.of(SWITCHED_OFF);
    }

    private boolean sees(StepContext context) {
        return Sight.of(context.snapshot())
                .filter(sight -> blindness(sight).isEmpty())
                .isPresent();
    }

    private Stream<Gate> gatesOfCaller(Component component) {
        return options.more().stream().filter(gate -> gate.guards(component));
    }

    private static boolean coordinates(Component component) {
        return component.isCoordinator() || component.equals(Component.STANDALONE);
    }
}
