package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.api.CommandResult;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.PodCommand;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/**
 * Asks the process in each old pod to end, as Kubernetes asks it when the pod goes: by SIGTERM. The pod and its address
 * stay, and Kubernetes starts the process again.
 */
final class StepDown {

    /** The first process of a container can only be asked from within; the words are constant, no value is in them. */
    private static final List<String> SIGTERM = List.of("sh", "-c", "kill -TERM 1");

    /** To be asked takes no time; how long stopping takes is not waited for here. */
    private static final Duration BUDGET = Duration.ofSeconds(10);

    private final KubeApi api;

    StepDown(KubeApi api) {
        this.api = api;
    }

    /** Answers whether there were old pods and all could be asked; the report is told of those that could not. */
    boolean ask(List<Rolling> rolling, StepContext context) {
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

    private boolean ask(Rolling roll, PodView pod, StepContext context) {
        try {
            CommandResult<Long> result = api.within(BUDGET)
                    .run(
                            new PodCommand(
                                    Resource.PODS.in(roll.deployment().namespace(), pod.name()),
                                    roll.target().container(),
                                    SIGTERM),
                            output -> output.transferTo(OutputStream.nullOutputStream()));
            if (result.exitCode() == 0) {
                context.progress("asked pod " + pod.name() + " to step down");
                return true;
            }
            warn(pod, "exit code " + result.exitCode(), context);
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.INTERRUPTED)) {
                throw e;
            }
            warn(pod, e.getMessage(), context);
        }
        return false;
    }

    private static void warn(PodView pod, String why, StepContext context) {
        context.warn(
                "Pod " + pod.name() + " could not be asked to step down, so it goes without: whoever calls its address"
                        + " may wait for some seconds (" + why + ")");
    }
}
