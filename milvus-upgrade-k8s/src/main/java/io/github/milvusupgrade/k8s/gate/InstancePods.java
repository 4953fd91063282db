package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The pods of an instance at one moment, without those that have ended. */
record InstancePods(List<PodView> all) {

    /** One request. */
    static InstancePods now(KubeApi api, ClusterId cluster) {
        Selection selection = Selection.all(Resource.PODS, cluster.namespace())
                .withLabels(MilvusLabels.ofInstance(cluster.instance()));
        return among(api.list(selection).map(PodView::new));
    }

    static InstancePods among(List<PodView> found) {
        return new InstancePods(found.stream()
                .filter(pod -> !pod.ended())
                .sorted(Comparator.comparing(PodView::name))
                .toList());
    }

    /** Those of some workloads that are not on their way out, by name. */
    List<PodView> of(List<Workload> workloads) {
        return all.stream()
                .filter(pod -> !pod.deleting())
                .filter(pod -> workloads.stream().anyMatch(workload -> pod.isOfDeployment(workload.name())))
                .toList();
    }

    /** Those of some workloads that are not on their way out and run the image that each of them is to run. */
    List<PodView> running(Map<Workload, String> images) {
        return of(List.copyOf(images.keySet())).stream()
                .filter(pod ->
                        images.entrySet().stream().anyMatch(entry -> runs(pod, entry.getKey(), entry.getValue())))
                .toList();
    }

    /** Those of some workloads that do not run that image, or are on their way out. */
    List<PodView> others(Map<Workload, String> images) {
        List<String> running = running(images).stream().map(PodView::name).collect(Collectors.toList());
        return all.stream()
                .filter(pod -> images.keySet().stream().anyMatch(workload -> pod.isOfDeployment(workload.name())))
                .filter(pod -> !running.contains(pod.name()))
                .toList();
    }

    private static boolean runs(PodView pod, Workload workload, String image) {
        return pod.isOfDeployment(workload.name()) && pod.runs(workload.container(), image);
    }
}
