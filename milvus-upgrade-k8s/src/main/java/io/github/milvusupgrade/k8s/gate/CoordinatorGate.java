package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.probe.RoleState;
import io.github.milvusupgrade.k8s.probe.Seen;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.GateAnswer;
import io.github.milvusupgrade.step.StepContext;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Of each coordinator exactly one is active, runs what was rolled, and answers; all others stand by. Ready says less: a
 * standby is ready, too, and one that takes over is {@code initializing} for as long as it recovers what its
 * predecessor knew; only then is it healthy (milvus-io/milvus:internal/querycoordv2/server.go, {@code activateFunc}).
 *
 * <p>Stands for all roles of a mixcoord or standalone, each of which elects its active one by itself.
 */
record CoordinatorGate(Component component, Rolled rolled, boolean besideOld, SeenActive seenActive)
        implements MilvusGate {

    /** Asks that no old pod is left. */
    static CoordinatorGate afterOld(Component component, Rolled rolled, SeenActive seenActive) {
        return new CoordinatorGate(component, rolled, false, seenActive);
    }

    /** Asks nothing of old pods, which have stepped down. */
    static CoordinatorGate besideOld(Component component, Rolled rolled, SeenActive seenActive) {
        return new CoordinatorGate(component, rolled, true, seenActive);
    }

    static String describe(Component component) {
        return component.equals(Component.STANDALONE)
                ? "every role of the standalone is healthy, and every coordinator active once"
                : component.equals(Component.MIXCOORD)
                        ? "every coordinator of the mixcoord is active once"
                        : "one " + component + " is active, any other stands by";
    }

    @Override
    public String describe() {
        return describe(component);
    }

    @Override
    public GateAnswer check(Look look, StepContext context) {
        InstancePods pods = look.pods();
        List<PodView> old = pods.others(rolled.images());
        List<PodView> running = pods.running(rolled.images());
        if (!old.isEmpty() && !besideOld) {
            return GateAnswer.notYet(names(old) + " still there, which " + component + " was rolled away from");
        }
        if (running.isEmpty()) {
            return GateAnswer.notYet("no pod of " + component + " runs Milvus " + rolled.version());
        }
        Seen<List<RoleInPod>> roles = roles(look, running);
        if (roles instanceof Seen.Blind<List<RoleInPod>> blind) {
            return Look.unseen(running, blind);
        }
        SortedMap<String, List<String>> active = new TreeMap<>();
        List<String> missing = new ArrayList<>();
        for (RoleInPod role : ((Seen.Clear<List<RoleInPod>>) roles).what()) {
            List<String> holders = active.computeIfAbsent(role.role(), name -> new ArrayList<>());
            if (role.is(RoleState.HEALTHY)) {
                holders.add(role.pod());
            } else if (!role.coordinates() || !role.is(RoleState.STANDBY)) {
                missing.add(role.toString());
            }
        }
        active.forEach((role, holders) -> {
            boolean coordinates = role.endsWith("coord");
            if (coordinates && holders.isEmpty() && missing.stream().noneMatch(text -> text.startsWith(role + " "))) {
                missing.add("no " + role + " is active: " + names(running) + " only standing by");
            } else if (coordinates && holders.size() > 1) {
                missing.add(holders.size() + " pods say that they are the active " + role + ": "
                        + String.join(", ", holders));
            }
        });
        return missing.isEmpty()
                ? GateAnswer.passed(seen(active, running.size()))
                : GateAnswer.notYet(String.join("; ", missing));
    }

    private Seen<List<RoleInPod>> roles(Look look, List<PodView> running) {
        List<RoleInPod> all = new ArrayList<>();
        for (PodView pod : running) {
            Seen<List<RoleInPod>> said = seenActive
                    .in(pod)
                    .<Seen<List<RoleInPod>>>map(Seen.Clear::new)
                    .orElseGet(() -> look.roles(List.of(pod)));
            if (said instanceof Seen.Blind<List<RoleInPod>>) {
                return said;
            }
            List<RoleInPod> own = ((Seen.Clear<List<RoleInPod>>) said).what();
            seenActive.note(pod, own);
            all.addAll(own);
        }
        return new Seen.Clear<>(all);
    }

    private static String seen(SortedMap<String, List<String>> active, int pods) {
        return String.join(", ", active.keySet()) + (active.size() == 1 ? " is" : " are") + " active"
                + (pods > 1 ? " in one of " + pods + " pods" : "");
    }

    private static String names(List<PodView> pods) {
        return (pods.size() == 1 ? "pod " : "pods ")
                + String.join(", ", pods.stream().map(PodView::name).toList())
                + (pods.size() == 1 ? " is" : " are");
    }
}
