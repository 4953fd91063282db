package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.util.List;

/**
 * The pods of a Deployment that is rolled, without those on their way out.
 *
 * @param before those that do not run its target
 * @param after those that do
 */
record PodsOfRoll(List<PodView> before, List<PodView> after) {

    static PodsOfRoll now(Rolling roll, KubeApi api, StepContext context) {
        RollTarget target = roll.target();
        Selection selection = Selection.all(Resource.PODS, roll.deployment().namespace())
                .withLabels(roll.deployment().selector());
        List<PodView> pods = api.within(context.remaining()).list(selection).map(PodView::new).stream()
                .filter(pod -> pod.isOfDeployment(target.deployment()))
                .filter(pod -> !pod.deleting() && !pod.ended())
                .toList();
        return new PodsOfRoll(
                pods.stream()
                        .filter(pod -> !pod.runs(target.container(), target.to()))
                        .toList(),
                pods.stream()
                        .filter(pod -> pod.runs(target.container(), target.to()))
                        .toList());
    }
}
