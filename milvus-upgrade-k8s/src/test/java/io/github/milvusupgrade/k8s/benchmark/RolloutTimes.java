package io.github.milvusupgrade.k8s.benchmark;

import io.github.milvusupgrade.k8s.api.ChangeSignal;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.ResourceFeed;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An independent stop watch: sees each Deployment begin and end its rollout, whoever caused it, with a client and
 * watches of its own. A rollout begins with the change of the image and ends when every pod is new and available and no
 * old one is left.
 */
final class RolloutTimes implements AutoCloseable {

    /** When a rollout began and ended, in nanoseconds; the end is zero while it goes on. */
    record Span(String deployment, long begin, long end) {

        Duration length() {
            return Duration.ofNanos(end - begin);
        }
    }

    private final ChangeSignal signal = new ChangeSignal();
    private final ResourceFeed deployments;
    private final ResourceFeed pods;
    private final String image;
    private final Map<String, Span> spans = new LinkedHashMap<>();
    private final Thread thread = new Thread(this::watch, "rollout-times");
    private volatile boolean closed;

    RolloutTimes(ApiClient client, String namespace, String image) {
        KubeApi api = KubeApi.over(client, KubeApiOptions.defaults());
        this.deployments = api.follow(Selection.all(Resource.DEPLOYMENTS, namespace), signal);
        this.pods = api.follow(Selection.all(Resource.PODS, namespace), signal);
        this.image = image;
        thread.setDaemon(true);
        thread.start();
    }

    /** The rollouts so far, in the order in which they began. */
    synchronized List<Span> spans() {
        return spans.values().stream()
                .sorted(Comparator.comparingLong(Span::begin))
                .toList();
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        signal.raise();
        thread.join();
        deployments.close();
        pods.close();
    }

    private void watch() {
        try {
            while (!closed) {
                long seen = signal.count();
                look();
                signal.awaitChangeSince(seen, Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void look() {
        long now = System.nanoTime();
        List<PodView> allPods = pods.map(PodView::new);
        for (DeploymentView deployment : deployments.map(DeploymentView::new)) {
            boolean target = deployment.containers().stream()
                    .anyMatch(container -> container.image().equals(image));
            if (!target) {
                continue;
            }
            Span span = spans.computeIfAbsent(deployment.name(), name -> new Span(name, now, 0));
            if (span.end() == 0 && complete(deployment, allPods)) {
                spans.put(deployment.name(), new Span(deployment.name(), span.begin(), now));
            }
        }
    }

    private static boolean complete(DeploymentView deployment, List<PodView> pods) {
        boolean oldPodLeft =
                pods.stream().anyMatch(pod -> pod.deleting() && pod.name().startsWith(deployment.name() + "-"));
        return deployment.observedGeneration() >= deployment.generation()
                && deployment.updatedReplicas() == deployment.replicas()
                && deployment.currentReplicas() == deployment.replicas()
                && deployment.availableReplicas() == deployment.replicas()
                && !oldPodLeft;
    }
}
