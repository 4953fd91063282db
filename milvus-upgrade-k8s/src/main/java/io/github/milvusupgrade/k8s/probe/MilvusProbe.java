package io.github.milvusupgrade.k8s.probe;

import io.github.milvusupgrade.k8s.api.Answer;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import io.github.milvusupgrade.k8s.api.Resource;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Asks the Milvus in a pod how it is, through the API server: {@code get} on {@code pods/proxy}, and no path to the pod
 * itself. Each question is one request, never repeated by itself, with a time of its own. Reads only. Safe for many
 * threads.
 */
public final class MilvusProbe {

    /** Where Milvus serves health and metrics, in every version (milvus-io/milvus:configs, {@code METRICS_PORT}). */
    private static final int PORT = 9091;

    private static final Map<String, String> AS_JSON = Map.of("Content-Type", "application/json");

    private final KubeApi api;
    private final String namespace;
    private final Duration patience;

    /**
     * Make a probe.
     *
     * @param patience how long one answer may take
     */
    public MilvusProbe(KubeApi api, String namespace, Duration patience) {
        this.api = api;
        this.namespace = namespace;
        this.patience = patience;
    }

    /** The states of the roles in a pod, which is named. */
    public Seen<PodHealth> health(String pod) {
        return ask(pod, "/healthz", answer -> PodHealth.parse(answer.code(), answer.text()));
    }

    /** What the Milvus in a pod counts of itself. */
    public Seen<Metrics> metrics(String pod) {
        return ask(pod, "/metrics", answer -> {
            if (answer.code() != 200) {
                return new Seen.Blind<>("it does not hand out metrics (HTTP " + answer.code() + ")");
            }
            Metrics metrics = Metrics.parse(answer.text());
            return metrics.isEmpty()
                    ? new Seen.Blind<>("its metrics are not those of Milvus")
                    : new Seen.Clear<>(metrics);
        });
    }

    /**
     * Whether nobody listens at any of some ports of a pod that runs, its {@link #PORT} apart. What listens there
     * speaks gRPC, and answers HTTP/1.1 with what the API server does not understand: that, too, tells that somebody is
     * there.
     *
     * @return false, too, if there is no such port, or if it cannot be found out
     */
    public boolean listensNowhere(String pod, Collection<Integer> ports) {
        List<Integer> asked = ports.stream().filter(port -> port != PORT).toList();
        return !asked.isEmpty() && asked.stream().allMatch(port -> refuses(pod, port));
    }

    private boolean refuses(String pod, int port) {
        try {
            api.within(patience).proxy(Resource.PODS.in(namespace, pod), port, "/", Map.of());
            return false;
        } catch (KubeApiException e) {
            if (e.is(Kind.INTERRUPTED)) {
                throw e;
            }
            return e.is(Kind.UNAVAILABLE) && e.serverMessage().contains("connection refused");
        }
    }

    private <T> Seen<T> ask(String pod, String path, Function<Answer, Seen<T>> reading) {
        try {
            return reading.apply(api.within(patience).proxy(Resource.PODS.in(namespace, pod), PORT, path, AS_JSON));
        } catch (KubeApiException e) {
            if (e.is(Kind.INTERRUPTED)) {
                throw e;
            }
            return new Seen.Blind<>(reason(e));
        }
    }

    private String reason(KubeApiException e) {
        if (e.is(Kind.FORBIDDEN)) {
            return "the account may not get pods/proxy (403)";
        }
        if (e.is(Kind.NOT_FOUND)) {
            return "it is gone";
        }
        if (e.is(Kind.UNREACHABLE) || e.is(Kind.OUT_OF_TIME)) {
            return "no answer came within " + patience.toSeconds() + " s";
        }
        return "the API server does not reach it on port " + PORT + " ("
                + e.kind().name().toLowerCase(Locale.ROOT) + ")";
    }
}
