package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.helm.HelmClient;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.release.HelmRelease;
import io.github.milvusupgrade.k8s.release.ReleaseReader;
import io.github.milvusupgrade.k8s.release.ReleaseStatus;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.UpgradeStep;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Lets Helm make the revision. Everything that it would roll is what it shall be by now, so it must start no rollout:
 * a ReplicaSet that is new afterwards fails the step. The release says from then on what runs, and the next plain
 * {@code helm upgrade} keeps it.
 */
final class UpgradeRelease implements UpgradeStep {

    private final KubeApi api;
    private final HelmClient helm;
    private final ReleaseReader releases;
    private final ClusterId cluster;
    private final Hop hop;
    private final ReleaseChange change;

    UpgradeRelease(
            KubeApi api, HelmClient helm, ReleaseReader releases, ClusterId cluster, Hop hop, ReleaseChange change) {
        this.api = api;
        this.helm = helm;
        this.releases = releases;
        this.cluster = cluster;
        this.hop = hop;
        this.change = change;
    }

    @Override
    public StepId id() {
        return StepId.of(hop.to() + "/helm-upgrade");
    }

    @Override
    public String summary() {
        return "let Helm make the revision, which changes no pod any more";
    }

    @Override
    public StepResult apply(StepContext context) {
        String mark = change.upgrade().description();
        HelmRelease newest = newest();
        if (newest.description().equals(mark) && newest.status() == ReleaseStatus.DEPLOYED) {
            return StepResult.alreadyApplied("revision " + newest.revision() + " is deployed already");
        }
        Set<String> before = replicaSets(context);
        context.checkpoint();
        helm.upgrade(change.upgrade(), context.remaining(), () -> isOver(context));
        Set<String> after = replicaSets(context);
        after.removeAll(before);
        HelmRelease made = newest();
        if (!after.isEmpty()) {
            throw new UpgradeException(
                    Code.NOT_ON_TARGET,
                    "Helm has made revision " + made.revision() + " of " + cluster + ", and with it started rollouts that"
                            + " nobody planned: new ReplicaSets " + after + ". They go on, in no order. Wait for them"
                            + " (kubectl rollout status), then resume; or roll back.");
        }
        return StepResult.applied("revision " + made.revision() + " is deployed, and no pod was changed");
    }

    private static boolean isOver(StepContext context) {
        try {
            context.checkpoint();
            return false;
        } catch (UpgradeException stop) {
            return true;
        }
    }

    private HelmRelease newest() {
        return releases.newest()
                .orElseThrow(() -> new UpgradeException(
                        Code.WORKLOAD_GONE,
                        "The Helm release " + cluster + " is gone: somebody uninstalled it during the run. Its objects are"
                                + " not created anew."));
    }

    private Set<String> replicaSets(StepContext context) {
        return api
                .within(context.remaining())
                .list(Selection.all(Resource.REPLICA_SETS, cluster.namespace())
                        .withLabels(MilvusLabels.ofInstance(cluster.instance())))
                .items()
                .stream()
                .map(set -> set.at("/metadata/name").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
