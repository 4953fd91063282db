package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.ChangeSignal;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.ResourceFeed;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.helm.HelmUpgrade;
import io.github.milvusupgrade.k8s.helmpath.ReleaseChange.ObjectKey;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.release.BrokenOff;
import io.github.milvusupgrade.k8s.release.PendingRelease;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.step.StepContext;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One change of the release by Helm itself, which must start no rollout of Milvus, because everything that it would
 * roll is what it shall be by now.
 */
final class ReleaseOperation {

    /** A Helm that nobody stopped needs seconds for a change that waits for no pod. */
    private static final Duration STILL_AT_WORK = Duration.ofSeconds(15);

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

    /** Leaves the fields that the library has set to Helm, which would be refused otherwise. */
    private void leaveToHelm(StepContext context) {
        KubeApi bounded = api.within(context.remaining());
        Ownership ownership = new Ownership(bounded);
        Set<ObjectKey> needed = new TreeSet<>();
        for (String name : new TreeSet<>(deployments)) {
            context.checkpoint();
            ObjectRef deployment = Resource.DEPLOYMENTS.in(release.cluster().namespace(), name);
            bounded.find(deployment).ifPresent(found -> needed.addAll(PodReferences.of(found)));
            ownership.giveUp(deployment);
        }
        needed.forEach(key -> ownership.giveUp(
                PodReferences.resourceOf(key).in(release.cluster().namespace(), key.name())));
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
     * that nobody else is at it. A Helm that outlived its parent is given the time to finish; then its revision is
     * marked failed, as it would be had Helm been stopped gently, and Helm allows the next operation.
     */
    void settlePending(StepContext context) throws InterruptedException {
        Optional<PendingRelease> pending = release.history().pending();
        if (pending.isEmpty()) {
            return;
        }
        context.progress("waiting for a Helm that may still be at work: "
                + pending.get().explain(Clock.systemUTC().instant()));
        KubeApi bounded = api.within(context.remaining());
        Deadline patient = Deadline.after(STILL_AT_WORK, time);
        ChangeSignal signal = new ChangeSignal();
        try (ResourceFeed records = bounded.follow(release.records(), signal)) {
            while (pending.isPresent() && !patient.passed()) {
                long seen = signal.count();
                context.checkpoint();
                signal.awaitChangeSince(seen, LOOK);
                records.refreshIfSilent(patient);
                pending = release.history().pending();
            }
        }
        if (pending.isPresent()) {
            context.checkpoint();
            new BrokenOff(bounded)
                    .markFailed(pending.get(), "Killed, and marked as failed by milvus-upgrade run " + context.run());
            context.progress("revision " + pending.get().revision() + " was "
                    + pending.get().status() + " and its Helm is gone: it is marked as failed");
        }
    }

    /** Does something that must leave the pod templates of Milvus as they are. */
    private void watched(StepContext context, Runnable operation) {
        Map<String, JsonNode> before = podTemplates(context);
        context.checkpoint();
        leaveToHelm(context);
        operation.run();
        Map<String, JsonNode> after = podTemplates(context);
        List<String> changed = before.entrySet().stream()
                .filter(template -> !template.getValue().equals(after.get(template.getKey())))
                .map(Map.Entry::getKey)
                .toList();
        if (!changed.isEmpty()) {
            throw new UpgradeException(
                    Code.NOT_ON_TARGET,
                    "Helm has made revision " + release.newest().revision() + " of " + release.cluster()
                            + ", and with it changed the pods of " + String.join(", ", changed)
                            + ", which were to be as the chart makes them by now: their rollouts go on, in no order."
                            + " Does a template of the chart render something else each time, such as a random text? Wait"
                            + " for the rollouts (kubectl rollout status), then resume; or roll back.");
        }
    }

    private Map<String, JsonNode> podTemplates(StepContext context) {
        Map<String, JsonNode> templates = new TreeMap<>();
        api
                .within(context.remaining())
                .list(Selection.all(Resource.DEPLOYMENTS, release.cluster().namespace())
                        .withLabels(MilvusLabels.ofInstance(release.cluster().instance())))
                .map(DeploymentView::new)
                .stream()
                .filter(deployment -> deployments.contains(deployment.name()))
                .forEach(deployment ->
                        templates.put(deployment.name(), deployment.raw().at("/spec/template")));
        return templates;
    }

    private static boolean isOver(StepContext context) {
        try {
            context.checkpoint();
            return false;
        } catch (UpgradeException stop) {
            return true;
        }
    }
}
