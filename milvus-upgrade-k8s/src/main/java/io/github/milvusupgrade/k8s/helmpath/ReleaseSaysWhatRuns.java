package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import java.util.List;

/** P21: what runs is what the release says. A rolling upgrade past Helm leaves a release that lies. */
record ReleaseSaysWhatRuns(ReleaseHop release) implements Check {

    @Override
    public String id() {
        return "P21";
    }

    @Override
    public String title() {
        return "the Helm release says what runs";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        DeployedImages deployed = DeployedImages.of(release.base());
        List<String> drifted = snapshot.workloads().stream()
                .filter(workload -> !deployed.of(workload).equals(workload.image()))
                .map(workload ->
                        workload.name() + " runs " + workload.image() + ", the release says " + deployed.of(workload))
                .toList();
        return drifted.isEmpty()
                ? Finding.pass(
                        id(),
                        "every Deployment runs the image of revision "
                                + release.base().revision())
                : Finding.warn(
                        id(),
                        String.join("; ", drifted) + ".",
                        "The upgrade brings both to the target; a rollback brings them to what the release says.");
    }
}
