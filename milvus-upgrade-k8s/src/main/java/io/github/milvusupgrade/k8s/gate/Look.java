package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.k8s.probe.Metrics;
import io.github.milvusupgrade.k8s.probe.MilvusProbe;
import io.github.milvusupgrade.k8s.probe.PodHealth;
import io.github.milvusupgrade.k8s.probe.Seen;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.GateAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One look at an instance, in which nothing is asked for twice, whoever wants to know it. For one thread. */
final class Look {

    private final Supplier<InstancePods> source;
    private final MilvusProbe probe;
    private final Map<String, Seen<PodHealth>> health = new HashMap<>();
    private final Map<String, Seen<Metrics>> metrics = new HashMap<>();
    private @Nullable InstancePods pods;

    Look(Supplier<InstancePods> source, MilvusProbe probe) {
        this.source = source;
        this.probe = probe;
    }

    InstancePods pods() {
        InstancePods known = pods == null ? source.get() : pods;
        pods = known;
        return known;
    }

    /** The roles in some pods, in the order of the pods; blind as soon as one does not tell. */
    Seen<List<RoleInPod>> roles(List<PodView> some) {
        List<RoleInPod> roles = new ArrayList<>();
        for (PodView pod : some) {
            Seen<PodHealth> seen = health.computeIfAbsent(pod.name(), probe::health);
            if (seen instanceof Seen.Blind<PodHealth> blind) {
                return new Seen.Blind<>("pod " + pod.name() + ": " + blind.why());
            }
            ((Seen.Clear<PodHealth>) seen)
                    .what()
                    .roles()
                    .forEach((role, state) -> roles.add(new RoleInPod(role, pod.name(), state)));
        }
        return new Seen.Clear<>(roles);
    }

    /** What the Milvus in a pod counts; if it does not tell, why, with the name of the pod. */
    Seen<Metrics> metrics(PodView pod) {
        Seen<Metrics> seen = metrics.computeIfAbsent(pod.name(), probe::metrics);
        return seen instanceof Seen.Blind<Metrics> blind
                ? new Seen.Blind<>("pod " + pod.name() + ": " + blind.why())
                : seen;
    }

    /**
     * What not seeing some pods means: nobody is blind who asks a pod of which Kubernetes, too, says that it is not
     * ready.
     */
    static GateAnswer unseen(List<PodView> some, Seen.Blind<?> blind) {
        List<String> unready =
                some.stream().filter(pod -> !pod.ready()).map(PodView::name).toList();
        return unready.isEmpty()
                ? GateAnswer.cannotBeSeen(blind.why())
                : GateAnswer.notYet("not ready: pod " + String.join(", ", unready));
    }
}
