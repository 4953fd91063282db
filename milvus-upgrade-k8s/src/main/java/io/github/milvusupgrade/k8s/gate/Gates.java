package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.probe.MilvusProbe;
import io.github.milvusupgrade.k8s.probe.PodHealth;
import io.github.milvusupgrade.k8s.probe.Seen;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.Gate;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The gates of an instance: one of the library for each component, then those of the caller. Safe for many threads. */
public final class Gates {

    /** How long a pod may take to answer: it does so from memory. */
    static final Duration ANSWER = Duration.ofSeconds(5);

    private static final int ASKED_BEFOREHAND = 2;
    private static final String SWITCHED_OFF = "KubernetesOptions.withProbe(false)";

    private final KubeApi api;
    private final MilvusProbe probe;
    private final GateOptions options;
    private final Gatekeeper keeper;

    /** Make the gates of the instances in one namespace. */
    public Gates(KubeApi api, String namespace, RolloutWatch watch, Time time, GateOptions options) {
        this.api = api;
        this.probe = new MilvusProbe(api, namespace, ANSWER);
        this.options = options;
        this.keeper = new Gatekeeper(watch, time, options);
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
        List<String> lines = new ArrayList<>();
        Optional<Sight> sight = Sight.of(planned);
        if (sight.isPresent() && sight.get().blindness().isEmpty()) {
            lines.add(coordinates(component) ? CoordinatorGate.describe(component) : NodeGate.describe(component, to));
        } else if (sight.isPresent() && !component.isCoordinator()) {
            lines.add("blind, " + resting());
        }
        gatesOfCaller(component).map(Gate::describe).forEach(lines::add);
        return lines;
    }

    /** What has to be seen of coordinators that stand by before the first takes over, for the plan. */
    public List<String> describeStandingBy(ClusterSnapshot planned, List<Component> components) {
        return Sight.of(planned)
                .map(sight -> sight.blindness().isEmpty()
                        ? "every new " + names(components) + " stands by before the first takes over"
                        : "blind, " + resting() + " before the first new coordinator takes over")
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
            keeper.rest(names(List.copyOf(started.keySet())), blindness.get(), context);
            return;
        }
        for (Map.Entry<Component, Rolled> one : started.entrySet()) {
            if (!one.getValue().images().isEmpty()) {
                keeper.passBeforeHandOver(
                        new StandbyGate(api, probe, one.getKey(), one.getValue()), one.getKey(), context);
            }
        }
    }

    /**
     * Come back when a new pod of each coordinator is active, while old ones are still there.
     *
     * @throws io.github.milvusupgrade.error.UpgradeException with {@code GATE_NOT_PASSED} if one does not come to
     */
    public void awaitTakenOver(Map<Component, Rolled> rolled, StepContext context) throws InterruptedException {
        if (!sees(context)) {
            return;
        }
        for (Map.Entry<Component, Rolled> one : rolled.entrySet()) {
            if (!one.getValue().images().isEmpty()) {
                keeper.pass(CoordinatorGate.besideOld(api, probe, one.getKey(), one.getValue()), one.getKey(), context);
            }
        }
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

    /** What the gate after a component will have to know of how it was before; mostly nothing. */
    public Map<String, String> capture(
            Component component, MilvusVersion coordinators, Rolled before, StepContext context) {
        return sees(context) && !coordinates(component) && !before.images().isEmpty()
                ? new NodeGate(api, probe, component, coordinators, before).capture(context)
                : Map.of();
    }

    /**
     * Come back when every gate after a component lets the run pass.
     *
     * @param coordinators the version that the coordinators run meanwhile
     * @return what was seen; empty if nothing was looked at
     * @throws io.github.milvusupgrade.error.UpgradeException with {@code GATE_NOT_PASSED} if one does not
     */
    public String pass(Component component, MilvusVersion coordinators, Rolled rolled, StepContext context)
            throws InterruptedException {
        List<String> seen = new ArrayList<>();
        Optional<Sight> sight = Sight.of(context.snapshot());
        if (sight.isPresent() && !rolled.images().isEmpty()) {
            Optional<String> blindness = blindness(sight.get());
            if (blindness.isEmpty()) {
                Gate gate = coordinates(component)
                        ? CoordinatorGate.afterOld(api, probe, component, rolled)
                        : new NodeGate(api, probe, component, coordinators, rolled);
                seen.add(keeper.pass(gate, component, context));
            } else if (!component.isCoordinator() || sight.get().blindness().isEmpty()) {
                seen.add(keeper.rest(component.name(), blindness.get(), context));
            }
        }
        for (Gate gate : gatesOfCaller(component).toList()) {
            seen.add(keeper.pass(gate, component, context));
        }
        return String.join("; ", seen);
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
