package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.k8s.probe.RoleState;
import io.github.milvusupgrade.k8s.view.ContainerState;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The coordinators that were seen active in one roll: one that has become active stays so until its process ends, so it
 * needs not be asked again. For one thread.
 */
public final class SeenActive {

    private final Map<String, List<RoleInPod>> roles = new HashMap<>();

    /** What a pod said of its roles, if it was active and the same processes run in it. */
    Optional<List<RoleInPod>> in(PodView pod) {
        return pod.ready() ? Optional.ofNullable(roles.get(processes(pod))) : Optional.empty();
    }

    void note(PodView pod, List<RoleInPod> said) {
        if (said.stream().allMatch(role -> role.is(RoleState.HEALTHY))) {
            roles.put(processes(pod), List.copyOf(said));
        }
    }

    private static String processes(PodView pod) {
        return pod.uid()
                + pod.containerStates().stream()
                        .map(ContainerState::restartCount)
                        .toList();
    }
}
