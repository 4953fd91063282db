package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.api.CommandResult;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.PodCommand;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.k8s.view.ContainerState;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks the process in each old pod to end, as Kubernetes asks it when the pod goes: by SIGTERM. The pod and its address
 * stay, so that whoever still calls it is refused at once and looks for the new one.
 *
 * <p>Kubernetes starts the process again. It would stand by, answer at the old address that it is not the active one,
 * and a proxy of 2.2 would go on asking there (seen with 2.2.4: for 31 s no search was answered). So it is asked again
 * whenever it comes back; Kubernetes starts it more and more seldom.
 *
 * <p>For one hand-over, and one thread.
 */
final class StepDown {

    /** The first process of a container can only be asked from within; the words are constant, no value is in them. */
    private static final List<String> SIGTERM = List.of("sh", "-c", "kill -TERM 1");

    /** To be asked takes no time; how long stopping takes is not waited for here. */
    private static final Duration BUDGET = Duration.ofSeconds(10);

    private static final String RUNNING = " running";
    private static final Duration TAKING_OVER = Duration.ofSeconds(15);
    private static final int LOOKS = 4;
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final KubeApi api;
    private final Time time;
    private final LiveInstance live;
    private final List<Rolling> stepped = new ArrayList<>();
    private final Map<String, String> asked = new HashMap<>();

    StepDown(KubeApi api, Time time, LiveInstance live) {
        this.api = api;
        this.time = time;
        this.live = live;
    }

    /** Answers whether there were old pods and all could be asked; the report is told of those that could not. */
    boolean ask(List<Rolling> rolling, StepContext context) throws InterruptedException {
        boolean all = true;
        boolean any = false;
        for (Map.Entry<Rolling, PodsOfRoll> pods :
                PodsOfRoll.now(rolling, live, context).entrySet()) {
            stepped.add(pods.getKey());
            for (PodView pod : pods.getValue().before()) {
                context.checkpoint();
                any = true;
                all &= ask(pods.getKey(), pod, context);
                askAgain(context);
            }
        }
        return any && all;
    }

    /**
     * What has to be done each second until new pods have taken over. If they do not soon, old ones may come back:
     * somebody has to serve. But not while a new one has ended itself, as coordinators of some versions do once when
     * they become active, and Kubernetes waits before it starts it again: it would find another one active then, and
     * end itself once more when that one goes.
     */
    Runnable untilTakenOver(StepContext context) {
        Deadline soon = Deadline.after(TAKING_OVER, time);
        return () -> {
            if (!soon.passed() || aNewOneIsDown(context)) {
                askAgain(context);
            }
        };
    }

    private boolean aNewOneIsDown(StepContext context) {
        return PodsOfRoll.now(stepped, live, context).entrySet().stream()
                .anyMatch(roll -> roll.getValue().after().stream()
                        .anyMatch(pod ->
                                hasEndedItself(pod, roll.getKey().target().container())));
    }

    /** Whether the process of a container has ended with 0 and is not there again. */
    static boolean hasEndedItself(PodView pod, String container) {
        return state(pod, container)
                .filter(state ->
                        state.waiting().isPresent() || state.terminated().isPresent())
                .flatMap(state -> state.terminated().or(state::lastTerminated))
                .filter(end -> end.exitCode() == 0)
                .isPresent();
    }

    private void askAgain(StepContext context) {
        PodsOfRoll.now(stepped, live, context)
                .forEach((roll, pods) -> pods.before().stream()
                        .filter(pod -> asked.containsKey(pod.uid()))
                        .forEach(pod -> askAgain(roll, pod, context)));
    }

    /** Let no process that was asked come back for a time. */
    void keepDown(String why, Duration duration, StepContext context) throws InterruptedException {
        if (duration.isZero()) {
            return;
        }
        context.progress(why + ": " + duration.toSeconds() + " s");
        Deadline over = Deadline.after(Deadline.shorter(duration, context.remaining()), time);
        try (LiveInstance.Looking looking = live.look()) {
            while (!over.passed()) {
                context.checkpoint();
                long seen = looking.changes();
                askAgain(context);
                looking.awaitChangeSince(seen, Deadline.shorter(BETWEEN_LOOKS, over.remaining()), context);
            }
        }
    }

    private void askAgain(Rolling roll, PodView pod, StepContext context) {
        String run = run(pod, roll.target().container());
        if (!run.endsWith(RUNNING) || run.equals(asked.put(pod.uid(), run))) {
            return;
        }
        try {
            sendSignal(roll, pod);
            context.progress("asked pod " + pod.name() + " to stay down");
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.INTERRUPTED)) {
                throw e;
            }
            context.progress("pod " + pod.name() + " could not be asked to stay down: " + e.getMessage());
        }
    }

    private boolean ask(Rolling roll, PodView pod, StepContext context) throws InterruptedException {
        asked.put(pod.uid(), run(pod, roll.target().container()));
        String why;
        boolean refused = false;
        try {
            int exitCode = sendSignal(roll, pod);
            why = "exit code " + exitCode;
            if (exitCode == 0) {
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
        if (!refused && hasEnded(roll, pod, context)) {
            context.progress("pod " + pod.name() + " has stepped down");
            return true;
        }
        asked.remove(pod.uid());
        context.warn(
                "Pod " + pod.name() + " could not be asked to step down, so it goes without: whoever calls its address"
                        + " may wait for some seconds (" + why + ")");
        return false;
    }

    /** Answers the exit code. */
    private int sendSignal(Rolling roll, PodView pod) {
        ObjectRef ref = Resource.PODS.in(roll.deployment().namespace(), pod.name());
        CommandResult<Long> result = api.within(BUDGET)
                .run(
                        new PodCommand(ref, roll.target().container(), SIGTERM),
                        output -> output.transferTo(OutputStream.nullOutputStream()));
        return result.exitCode();
    }

    /**
     * Whether the process has ended all the same: some coordinators end with others, and the one who asks may be ended
     * with it before that is told. The kubelet tells a little later.
     */
    private boolean hasEnded(Rolling roll, PodView before, StepContext context) throws InterruptedException {
        String container = roll.target().container();
        Deadline over = Deadline.after(BETWEEN_LOOKS.multipliedBy(LOOKS), time);
        try (LiveInstance.Looking looking = live.look()) {
            looking.askForPods(context);
            while (true) {
                long seen = looking.changes();
                Optional<PodView> now = looking.pods(context).stream()
                        .filter(pod -> pod.uid().equals(before.uid()))
                        .findFirst();
                if (now.isEmpty() || !run(now.get(), container).equals(run(before, container))) {
                    return true;
                }
                if (over.passed()) {
                    return false;
                }
                askAgain(context);
                context.checkpoint();
                looking.awaitChangeSince(seen, Deadline.shorter(BETWEEN_LOOKS, over.remaining()), context);
            }
        }
    }

    /** Tells one run of a container from the next. */
    private static String run(PodView pod, String container) {
        return state(pod, container)
                .map(state -> state.restartCount()
                        + (state.waiting().isEmpty() && state.terminated().isEmpty() ? RUNNING : " ended"))
                .orElse("");
    }

    private static Optional<ContainerState> state(PodView pod, String container) {
        return pod.containerStates().stream()
                .filter(state -> state.name().equals(container))
                .findFirst();
    }
}
