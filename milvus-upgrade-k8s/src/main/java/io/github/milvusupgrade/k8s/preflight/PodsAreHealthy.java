package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.rollout.Health;
import io.github.milvusupgrade.k8s.view.Condition;
import io.github.milvusupgrade.k8s.view.ContainerState;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.NodeView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All pods that are wanted are available, none restarts again and again, and their nodes are well. */
record PodsAreHealthy(LiveCluster live) implements Check {

    private static final Duration LATELY = Duration.ofMinutes(10);
    private static final Set<String> PRESSURES = Set.of("MemoryPressure", "DiskPressure", "PIDPressure");

    @Override
    public String id() {
        return "P11";
    }

    @Override
    public String title() {
        return "all pods are ready, do not restart, and run on nodes that are well";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Map<String, DeploymentView> deployments = live.deployments(snapshot).stream()
                .collect(Collectors.toMap(DeploymentView::name, Function.identity()));
        List<String> problems = Health.problems(deployments, snapshot.workloadNames());
        List<PodView> pods = live.podsOf(snapshot);
        if (!problems.isEmpty()) {
            String why = pods.stream()
                    .filter(pod -> !pod.ready())
                    .map(PodsAreHealthy::describe)
                    .collect(Collectors.joining("; "));
            return Finding.fail(
                    id(),
                    snapshot.id() + " is not healthy: " + String.join("; ", problems)
                            + (why.isEmpty() ? "" : " (" + why + ")") + ".",
                    "Bring it back first (kubectl describe pod): an upgrade would add to the outage.");
        }
        List<String> doubts = new ArrayList<>();
        pods.forEach(pod -> restarts(pod).forEach(doubts::add));
        live.nodes()
                .ifPresentOrElse(
                        nodes -> ailing(nodes, pods).forEach(doubts::add),
                        () -> doubts.add("nodes may not be read by this account, so their state is not known"));
        return doubts.isEmpty()
                ? Finding.pass(id(), "All " + pods.size() + " pods are ready, and their nodes are well.")
                : Finding.warn(
                        id(),
                        "All " + pods.size() + " pods are ready, but " + String.join("; ", doubts) + ".",
                        "Look whether this is expected before you go on.");
    }

    private static String describe(PodView pod) {
        return pod.containerStates().stream()
                .filter(state -> !state.ready())
                .map(PodsAreHealthy::trouble)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("", "pod " + pod.name() + " is " + pod.phase(), ""));
    }

    /** Why a container waits, or, between two waits of a crashing one, how it ended last. */
    private static Optional<String> trouble(ContainerState state) {
        return state.waiting()
                .map(waiting -> waiting.reason())
                .or(() -> state.terminated().or(state::lastTerminated).map(end -> "ended with " + end.reason()))
                .map(why -> ", " + state.name() + " " + why);
    }

    private List<String> restarts(PodView pod) {
        Instant since = live.clock().instant().minus(LATELY);
        return pod.containerStates().stream()
                .filter(state -> state.lastTerminated()
                        .flatMap(ContainerState.Terminated::finishedAt)
                        .filter(since::isBefore)
                        .isPresent())
                .map(state -> "container " + state.name() + " of pod " + pod.name() + " restarted in the last "
                        + LATELY.toMinutes() + " min (" + state.restartCount() + " restarts in all, the last one after "
                        + state.lastTerminated()
                                .map(ContainerState.Terminated::reason)
                                .orElse("") + ")")
                .toList();
    }

    private static List<String> ailing(List<NodeView> nodes, List<PodView> pods) {
        Set<String> used = pods.stream().map(PodView::node).collect(Collectors.toSet());
        List<String> ailing = new ArrayList<>();
        for (NodeView node : nodes) {
            if (!used.contains(node.name())) {
                continue;
            }
            if (!node.ready()) {
                ailing.add("node " + node.name() + " is not ready");
            }
            node.conditions().stream()
                    .filter(condition -> PRESSURES.contains(condition.type()) && condition.isTrue())
                    .map(Condition::type)
                    .forEach(pressure -> ailing.add("node " + node.name() + " has " + pressure));
        }
        return ailing;
    }
}
