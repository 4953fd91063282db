package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.api.CommandResult;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.PodCommand;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks the process in each old pod to end, as Kubernetes asks it when the pod goes: by SIGTERM. The pod and its address
 * stay, and Kubernetes starts the process again.
 */
final class StepDown {

    /** The first process of a container can only be asked from within; the words are constant, no value is in them. */
    private static final List<String> SIGTERM = List.of("sh", "-c", "kill -TERM 1");

    /** To be asked takes no time; how long stopping takes is not waited for here. */
    private static final Duration BUDGET = Duration.ofSeconds(10);

    private static final int LOOKS = 4;
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final KubeApi api;
    private final RolloutWatch watch;

    StepDown(KubeApi api, RolloutWatch watch) {
        this.api = api;
        this.watch = watch;
    }

    /** Answers whether there were old pods and all could be asked; the report is told of those that could not. */
    boolean ask(List<Rolling> rolling, StepContext context) throws InterruptedException {
        boolean all = true;
        boolean any = false;
        for (Rolling roll : rolling) {
            for (PodView pod : PodsOfRoll.now(roll, api, context).before()) {
                context.checkpoint();
                any = true;
                all &= ask(roll, pod, context);
            }
        }
        return any && all;
    }

    private boolean ask(Rolling roll, PodView pod, StepContext context) throws InterruptedException {
        ObjectRef ref = Resource.PODS.in(roll.deployment().namespace(), pod.name());
        String container = roll.target().container();
        String why;
        boolean refused = false;
        try {
            CommandResult<Long> result = api.within(BUDGET)
                    .run(
                            new PodCommand(ref, container, SIGTERM),
                            output -> output.transferTo(OutputStream.nullOutputStream()));
            why = "exit code " + result.exitCode();
            if (result.exitCode() == 0) {
                context.progress("asked pod " + pod.name() + " to step down");
                return true;
            }
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.INTERRUPTED)) {
                throw e;
            }
            why = e.getMessage();
            refused = e.is(KubeApiException.Kind.FORBIDDEN);
        }
        if (!refused && hasEnded(ref, pod, container, context)) {
            context.progress("pod " + pod.name() + " has stepped down");
            return true;
        }
        context.warn(
                "Pod " + pod.name() + " could not be asked to step down, so it goes without: whoever calls its address"
                        + " may wait for some seconds (" + why + ")");
        return false;
    }

    /**
     * Whether the process has ended all the same: some coordinators end with others, and the one who asks may be ended
     * with it before that is told. The kubelet tells a little later.
     */
    private boolean hasEnded(ObjectRef ref, PodView before, String container, StepContext context)
            throws InterruptedException {
        for (int look = 0; look < LOOKS; look++) {
            Optional<PodView> now = api.within(BUDGET).find(ref).map(PodView::new);
            if (now.isEmpty() || !run(now.get(), container).equals(run(before, container))) {
                return true;
            }
            watch.pause(BETWEEN_LOOKS, "looking whether " + before.name() + " has ended", context);
        }
        return false;
    }

    /** Tells one run of a container from the next. */
    private static String run(PodView pod, String container) {
        return pod.containerStates().stream()
                .filter(state -> state.name().equals(container))
                .map(state -> state.restartCount()
                        + (state.waiting().isEmpty() && state.terminated().isEmpty() ? " running" : " ended"))
                .findFirst()
                .orElse("");
    }
}
