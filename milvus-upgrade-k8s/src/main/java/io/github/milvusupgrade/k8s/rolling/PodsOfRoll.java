package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The pods of a Deployment that is rolled, without those on their way out.
 *
 * @param before those that are not of its target
 * @param after those that are
 */
record PodsOfRoll(List<PodView> before, List<PodView> after) {

    /** Of each of some Deployments. */
    static Map<Rolling, PodsOfRoll> now(List<Rolling> rolling, LiveInstance live, StepContext context) {
        Map<Rolling, PodsOfRoll> all = new LinkedHashMap<>();
        try (LiveInstance.Looking looking = live.look()) {
            List<PodView> pods = looking.pods(context).stream()
                    .filter(pod -> !pod.deleting() && !pod.ended())
                    .toList();
            rolling.forEach(roll -> all.put(roll, of(roll.target(), pods)));
        }
        return all;
    }

    private static PodsOfRoll of(RollTarget target, List<PodView> pods) {
        Map<Boolean, List<PodView>> runTarget = pods.stream()
                .filter(pod -> pod.isOfDeployment(target.deployment()))
                .collect(Collectors.partitioningBy(target::is));
        return new PodsOfRoll(
                Objects.requireNonNull(runTarget.get(false)), Objects.requireNonNull(runTarget.get(true)));
    }
}
