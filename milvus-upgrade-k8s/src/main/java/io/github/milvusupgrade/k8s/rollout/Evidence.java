package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.LogQuery;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.view.EventView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Fetches what helps to understand why a rollout is stuck: the latest events of the object and, if a container crashed,
 * its last words. Read once, when it is stuck already; what cannot be read is said to be missing. Credentials are
 * masked.
 */
final class Evidence {

    private static final Duration BUDGET = Duration.ofSeconds(5);
    private static final int EVENTS = 3;
    private static final int LOG_LINES = 5;
    private static final int LOG_BYTES = 4096;
    /** kubernetes/kubernetes:pkg/kubelet/kuberuntime/kuberuntime_container.go answers this with status 200. */
    private static final String LOGS_GONE = "unable to retrieve container logs for";

    private static final Set<Code> CRASHES = Set.of(Code.CRASH_LOOP, Code.OUT_OF_MEMORY);

    private final KubeApi api;
    private final String namespace;

    Evidence(KubeApi api, String namespace) {
        this.api = api.within(BUDGET);
        this.namespace = namespace;
    }

    String about(Trouble trouble) {
        String name = trouble.object().substring(trouble.object().indexOf(' ') + 1);
        StringBuilder text = new StringBuilder(events(name));
        if (CRASHES.contains(trouble.code())) {
            trouble.container().ifPresent(container -> text.append(lastWords(name, container)));
        }
        return text.toString();
    }

    private String events(String name) {
        try {
            List<EventView> events = api
                    .list(Selection.all(Resource.EVENTS, namespace).withFields("involvedObject.name=" + name))
                    .map(EventView::new)
                    .stream()
                    .sorted(Comparator.comparing(
                                    (EventView event) -> event.lastTime().orElse(Instant.EPOCH))
                            .reversed())
                    .limit(EVENTS)
                    .toList();
            StringBuilder text = new StringBuilder();
            events.forEach(event -> text.append("\n  event: ")
                    .append(event.reason())
                    .append(": ")
                    .append(Redaction.of(event.message())));
            return text.toString();
        } catch (KubeApiException e) {
            return "\n  events: not readable (" + e.kind() + ")";
        }
    }

    /**
     * Of the run that crashed. The kubelet throws the logs of earlier runs away, and then answers so in their place;
     * those of the latest run tell the same then.
     */
    private String lastWords(String pod, String container) {
        try {
            return words(pod, container, true)
                    .or(() -> words(pod, container, false))
                    .orElse("\n  log: gone");
        } catch (KubeApiException e) {
            return "\n  log: not readable (" + e.kind() + ")";
        }
    }

    private Optional<String> words(String pod, String container, boolean previous) {
        String log = api.log(Resource.PODS.in(namespace, pod), new LogQuery(container, previous, LOG_LINES, LOG_BYTES));
        if (log.isBlank() || log.startsWith(LOGS_GONE)) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        log.lines().forEach(line -> text.append("\n  log: ").append(Redaction.of(line)));
        return Optional.of(text.toString());
    }
}
