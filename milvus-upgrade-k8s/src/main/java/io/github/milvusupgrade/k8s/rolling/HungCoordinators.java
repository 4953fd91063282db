package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Replaces coordinators that are needed again after they were asked to end, and hang as they do. Such a one has given
 * its session in etcd up and closed its port, so nobody finds it; it goes on saying that it is healthy, so Kubernetes
 * keeps it, and gates take it for the active one (seen with a query coordinator of 2.2.4, whose last words were
 * {@code Graceful stop grpc server...}). It gets the time that Kubernetes gives to a pod that goes; then its pod is
 * deleted, and its Deployment makes another.
 *
 * <p>On the way forth there is mostly nobody to ask: pods of the target have just been made, and are not ready.
 *
 * <p>For one hand-over, and one thread. Done again, it finds nobody.
 */
final class HungCoordinators {

    /**
     * What Kubernetes gives if a pod does not say; nor may a pod that says a month hold the way back up for as long.
     */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** It has had its time. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final KubeApi api;
    private final Time time;
    private final LiveInstance live;
    private final RollGates gates;

    HungCoordinators(KubeApi api, Time time, LiveInstance live, RollGates gates) {
        this.api = api;
        this.time = time;
        this.live = live;
        this.gates = gates;
    }

    /**
     * Come back when none of the pods that are wanted hangs, or all that do are deleted.
     *
     * @throws UpgradeException with {@code GATE_NOT_PASSED} if one may not be deleted
     */
    void replace(List<Rolling> wanted, StepContext context) throws InterruptedException {
        Map<PodView, Rolling> hanging = hanging(wanted, context);
        hanging.keySet()
                .forEach(pod ->
                        context.progress("pod " + pod.name() + " is ready, but nobody listens at its port: it gets "
                                + time(pod).toSeconds() + " s to end"));
        Deadline over = Deadline.after(
                hanging.keySet().stream()
                        .map(HungCoordinators::time)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO),
                time);
        try (LiveInstance.Looking looking = live.look()) {
            while (!hanging.isEmpty() && !over.passed()) {
                context.checkpoint();
                long seen = looking.changes();
                looking.awaitChangeSince(seen, Deadline.shorter(BETWEEN_LOOKS, over.remaining()), context);
                hanging = hanging(List.copyOf(hanging.values()), context);
            }
        }
        for (PodView pod : hanging.keySet()) {
            context.checkpoint();
            delete(pod, context);
        }
    }

    private Map<PodView, Rolling> hanging(List<Rolling> wanted, StepContext context) {
        Map<PodView, Rolling> hanging = new LinkedHashMap<>();
        PodsOfRoll.now(wanted, live, context)
                .forEach((roll, pods) -> pods.after().stream()
                        .filter(pod -> gates.hangs(pod, roll.target().container(), context))
                        .forEach(pod -> hanging.put(pod, roll)));
        return hanging;
    }

    private static Duration time(PodView pod) {
        return Deadline.shorter(LONGEST, Duration.ofSeconds(pod.terminationGraceSeconds()));
    }

    private void delete(PodView pod, StepContext context) {
        try {
            api.within(context.remaining()).delete(Resource.PODS.in(pod.namespace(), pod.name()), pod.uid(), GRACE);
            context.progress("deleted pod " + pod.name() + ", which hung as it ended; its Deployment makes another");
        } catch (KubeApiException e) {
            if (!e.is(KubeApiException.Kind.FORBIDDEN)) {
                throw e;
            }
            throw new UpgradeException(
                    Code.GATE_NOT_PASSED,
                    "Pod " + pod.name()
                            + " is needed again and serves nobody: nobody listens at its port, it hangs as it"
                            + " ends. It could not be deleted (" + e.getMessage() + "). Delete it by kubectl -n "
                            + pod.namespace() + " delete pod " + pod.name()
                            + ", then resume this run; no other pod was touched in this step.",
                    e);
        }
    }
}
