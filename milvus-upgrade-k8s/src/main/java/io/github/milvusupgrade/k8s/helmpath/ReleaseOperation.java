package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.helm.HelmUpgrade;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.release.PendingRelease;
import io.github.milvusupgrade.step.StepContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One change of the release by Helm itself, which must start no rollout of Milvus, because everything that it would
 * roll is what it shall be by now.
 */
final class ReleaseOperation {

    /** A Helm that nobody stopped needs seconds for a change that waits for no pod. */
    private static final Duration STILL_AT_WORK = Duration.ofSeconds(30);

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final KubeApi api;
    private final Time time;
    private final ReleaseHop release;
    private final Set<String> deployments;

    /** @param deployments those that run Milvus */
    ReleaseOperation(KubeApi api, Time time, ReleaseHop release, Set<String> deployments) {
        this.api = api;
        this.time = time;
        this.release = release;
        this.deployments = Set.copyOf(deployments);
    }

    /** How Helm describes a revision that a rollback made. */
    static String rollbackTo(int revision) {
        return "Rollback to " + revision;
    }

    void upgrade(HelmUpgrade upgrade, StepContext context) {
        watched(context, () -> release.helm().upgrade(upgrade, context.remaining(), () -> isOver(context)));
    }

    void rollBack(int revision, StepContext context) {
        watched(context, () -> {
            try {
                release.helm()
                        .rollback(
                                release.cluster().namespace(),
                                release.cluster().instance(),
                                revision,
                                context.remaining(),
                                () -> isOver(context));
            } catch (UpgradeException e) {
                if (e.code() != Code.HELM_UNSUPPORTED) {
                    throw e;
                }
                release.helm().upgrade(release.back(revision), context.remaining(), () -> isOver(context));
            }
        });
    }

    /**
     * Ends what a run of ours left pending when its process was killed: the journal says that it was ours, and the lock
     * that nobody else is at it. A Helm that outlived its parent is given the time to finish; then its record is taken
     * away, as if the operation had never begun, and what it had changed by then is changed again by the next one.
     *
     * @throws UpgradeException if it cannot be removed
     */
    void settlePending(StepContext context) throws InterruptedException {
        Deadline patient = Deadline.after(STILL_AT_WORK, time);
        Optional<PendingRelease> pending = release.history().pending();
        if (pending.isPresent()) {
            context.progress("waiting for a Helm that may still be at work: "
                    + pending.get().explain(Clock.systemUTC().instant()));
        }
        while (pending.isPresent() && !patient.passed()) {
            context.checkpoint();
            time.sleep(LOOK);
            pending = release.history().pending();
        }
        pending.ifPresent(left -> remove(left, context));
    }

    private void remove(PendingRelease left, StepContext context) {
        ObjectRef record =
                Resource.SECRETS.in(left.namespace(), "sh.helm.release.v1." + left.release() + ".v" + left.revision());
        KubeApi bounded = api.within(context.remaining());
        String uid = bounded.get(record).at("/metadata/uid").asText();
        context.checkpoint();
        bounded.delete(record, uid);
        context.progress(
                "removed revision " + left.revision() + ", which was " + left.status() + " and whose Helm was killed");
    }

    private void watched(StepContext context, Runnable operation) {
        Set<String> before = replicaSets(context);
        context.checkpoint();
        operation.run();
        Set<String> started = replicaSets(context);
        started.removeAll(before);
        if (!started.isEmpty()) {
            throw new UpgradeException(
                    Code.NOT_ON_TARGET,
                    "Helm has made revision " + release.newest().revision() + " of " + release.cluster()
                            + ", and with it started rollouts that nobody planned: new ReplicaSets " + started
                            + ". They go on, in no order. Wait for them (kubectl rollout status), then resume; or roll"
                            + " back.");
        }
    }

    private static boolean isOver(StepContext context) {
        try {
            context.checkpoint();
            return false;
        } catch (UpgradeException stop) {
            return true;
        }
    }

    private Set<String> replicaSets(StepContext context) {
        return api
                .within(context.remaining())
                .list(Selection.all(Resource.REPLICA_SETS, release.cluster().namespace())
                        .withLabels(MilvusLabels.ofInstance(release.cluster().instance())))
                .items()
                .stream()
                .filter(set -> deployments.contains(
                        set.at("/metadata/ownerReferences/0/name").asText()))
                .map(set -> set.at("/metadata/name").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
