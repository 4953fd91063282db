package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.ChangeSignal;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.ResourceFeed;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Waits for pods that are rolled out by nobody: until they run, end, or are gone. Says within its {@link Patience} why
 * they do not. Safe for many threads.
 */
public final class PodWatch {

    /** The longest pause between two looks, so that a cancelled run does not wait for the next event. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final KubeApi api;
    private final Time time;
    private final Patience patience;

    public PodWatch(KubeApi api, Time time, Patience patience) {
        this.api = api;
        this.time = time;
        this.patience = patience;
    }

    /** What one look says: done, with a result, or not yet, with what is missing. */
    public record Look<T>(Optional<T> result, String state) {

        public static <T> Look<T> done(T result) {
            return new Look<>(Optional.of(result), "");
        }

        public static <T> Look<T> notYet(String state) {
            return new Look<>(Optional.empty(), state);
        }
    }

    /**
     * Wait until a look at the pods answers.
     *
     * @param which which pods of the namespace it is about
     * @param goal what is waited for, as a noun: {@code the end of pod x}
     * @param look asked again after each change
     * @param deadline how long at most
     * @throws UpgradeException with the code of the trouble if one has lasted longer than its budget;
     *     {@link Code#STEP_TIMED_OUT} at the deadline
     */
    public <T> T await(
            String namespace,
            Predicate<PodView> which,
            String goal,
            Function<List<PodView>, Look<T>> look,
            Deadline deadline,
            StepContext context)
            throws InterruptedException {
        StallDetector stalls = new StallDetector(patience, now());
        TroubleFinder finder = new TroubleFinder(patience);
        ChangeSignal signal = new ChangeSignal();
        String told = "";
        try (ResourceFeed feed = api.within(deadline).follow(Selection.all(Resource.PODS, namespace), signal)) {
            while (true) {
                long seen = signal.count();
                List<PodView> pods =
                        feed.map(PodView::new).stream().filter(which).toList();
                Look<T> answer = look.apply(pods);
                if (answer.result().isPresent()) {
                    return answer.result().get();
                }
                if (!answer.state().equals(told)) {
                    told = answer.state();
                    context.progress("waiting for " + goal + ": " + told);
                }
                List<Trouble> troubles = finder.find(pods);
                Instant now = now();
                stalls.notice(told, troubles, now).stream()
                        .filter(trouble -> !trouble.budget().isZero())
                        .forEach(trouble -> context.progress(trouble.describe() + ", waiting up to "
                                + trouble.budget().toSeconds() + " s for it to pass"));
                refuseStall(namespace, goal, told, stalls.stalled(troubles, now));
                if (deadline.passed()) {
                    throw new UpgradeException(
                            Code.STEP_TIMED_OUT, "Waiting for " + goal + " took too long: " + told + ".");
                }
                context.checkpoint();
                signal.awaitChangeSince(seen, Deadline.shorter(LOOK, deadline.remaining()));
                feed.refreshIfSilent(deadline);
            }
        }
    }

    private void refuseStall(String namespace, String goal, String state, Optional<Trouble> stalled) {
        if (stalled.isPresent()) {
            Trouble trouble = stalled.get();
            throw new UpgradeException(
                    trouble.code(),
                    "Waiting for " + goal + " is in vain: " + trouble.describe() + ". " + state + "."
                            + new Evidence(api, namespace).about(trouble));
        }
    }

    private Instant now() {
        return Instant.EPOCH.plusNanos(time.nanos());
    }
}
