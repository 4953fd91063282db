package io.github.milvusupgrade.k8s.rolling;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.step.StepContext;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Leaves a Kubernetes Event on each Deployment that is rolled, for those who look with {@code kubectl describe}. A
 * trace and nothing more: where it cannot be left the upgrade goes on, and says so.
 */
final class DeploymentEvents {

    private static final String REASON = "MilvusUpgrade";
    private static final Duration BUDGET = Duration.ofSeconds(5);

    private final KubeApi api;
    private final Clock clock;

    DeploymentEvents(KubeApi api, Clock clock) {
        this.api = api;
        this.clock = clock;
    }

    void rolling(DeploymentView deployment, RollTarget target, StepContext context) {
        String message = "Run " + context.run() + " rolls " + target.container() + " from " + target.from() + " to "
                + target.to();
        String name = deployment.name() + "." + UUID.randomUUID().toString().substring(0, 16);
        try {
            api.within(BUDGET)
                    .create(
                            Resource.EVENTS.in(deployment.namespace(), name),
                            event(deployment, name, message),
                            sent -> sent.path("message").asText().equals(message));
        } catch (KubeApiException e) {
            context.progress("no Event could be left on " + deployment.name() + ": " + e.getMessage());
        }
    }

    private ObjectNode event(DeploymentView deployment, String name, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata").put("name", name).put("namespace", deployment.namespace());
        event.putObject("involvedObject")
                .put("apiVersion", "apps/v1")
                .put("kind", "Deployment")
                .put("namespace", deployment.namespace())
                .put("name", deployment.name())
                .put("uid", deployment.uid())
                .put("resourceVersion", deployment.resourceVersion());
        event.put("reason", REASON)
                .put("message", message)
                .put("type", "Normal")
                .put("count", 1);
        event.put("firstTimestamp", now).put("lastTimestamp", now);
        event.putObject("source").put("component", "milvus-upgrade");
        return event;
    }
}
