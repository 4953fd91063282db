package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.helmpath.HelmPath;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.plan.UpgradePlan;
import java.util.List;
import java.util.Optional;

/**
 * No controller puts the Deployments back to what it has in store: GitOps controllers and Milvus Operator would take
 * back each change within minutes, in the middle of the upgrade. Helm does it too, but only when somebody runs it.
 */
record NobodyElseReconciles(LiveCluster live, UpgradePlan plan) implements Check {

    private static final String HELM_RELEASE = "meta.helm.sh/release-name";

    @Override
    public String id() {
        return "P04";
    }

    @Override
    public String title() {
        return "no other controller takes the changes back";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        List<DeploymentView> deployments = live.deployments(snapshot);
        for (DeploymentView deployment : deployments) {
            Optional<Reconciler.Trace> trace = Reconciler.of(deployment);
            if (trace.isPresent()) {
                return Finding.fail(
                        id(),
                        trace.get().owner() + " keeps Deployment " + deployment.namespace() + "/" + deployment.name()
                                + " (" + trace.get().evidence() + ") and would take the changes back.",
                        trace.get().remedy());
            }
        }
        if (HelmPath.endsWithRevision(plan)) {
            return Finding.pass(id(), "Helm owns " + snapshot.id() + ", and makes the revision of the upgrade itself.");
        }
        return deployments.stream()
                .filter(NobodyElseReconciles::isOfHelm)
                .findFirst()
                .map(deployment -> Finding.warn(
                        id(),
                        "Helm installed " + snapshot.id() + " and will not know of the upgrade: the next helm upgrade"
                                + " that does not name the image brings the old one back.",
                        "From now on pass --set image.all.tag=v" + plan.path().to() + " to helm upgrade, or write it"
                                + " into the values."))
                .orElseGet(() -> Finding.pass(
                        id(), "No operator, GitOps controller or Helm release owns " + snapshot.id() + "."));
    }

    private static boolean isOfHelm(DeploymentView deployment) {
        return deployment.annotations().containsKey(HELM_RELEASE)
                || "Helm".equals(deployment.labels().get(MilvusLabels.MANAGED_BY));
    }
}
