package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What reaches into pods: their logs, and requests that the API server passes on to them. */
final class PodConnections {

    private static final List<String> LOG = List.of(
            "[INFO] rehearsed container: starting", "[WARN] rehearsed container: this is the last line of its log");
    private static final List<String> PREVIOUS_LOG =
            List.of("[INFO] rehearsed container: starting", "panic: rehearsed container: the last line before it died");

    private final ObjectStore store;
    private final Programs programs;
    private final MilvusAnswers milvus;
    private volatile PodLogs logs = (pod, container, previous) -> null;
    private volatile PodEndpoint endpoint = (pod, path) -> null;

    PodConnections(ObjectStore store, Programs programs, MilvusAnswers milvus) {
        this.store = store;
        this.programs = programs;
        this.milvus = milvus;
    }

    void logs(PodLogs script) {
        this.logs = script;
    }

    void endpoint(PodEndpoint script) {
        this.endpoint = script;
    }

    Answer log(JsonNode pod, ApiRequest request) {
        String name = pod.path("metadata").path("name").asText();
        String container = container(pod, request.query("container"));
        JsonNode status = Json.stream(pod.path("status").path("containerStatuses"))
                .filter(candidate -> candidate.path("name").asText().equals(container))
                .findFirst()
                .orElse(Json.object());
        boolean previous = request.isTrue("previous");
        if (previous && !status.path("lastState").has("terminated")) {
            throw ApiFailure.badRequest(
                    "previous terminated container \"" + container + "\" in pod \"" + name + "\" not found");
        }
        String waiting = status.path("state").path("waiting").path("reason").asText();
        if (!previous && !status.has("lastState") && (status.isEmpty() || !waiting.isEmpty())) {
            String why = waiting.contains("Image") ? "trying and failing to pull image" : "ContainerCreating";
            throw ApiFailure.badRequest(
                    "container \"" + container + "\" in pod \"" + name + "\" is waiting to start: " + why);
        }
        List<String> lines = Optional.ofNullable(logs.lines(pod, container, previous))
                .or(() -> programs.log(pod))
                .orElse(previous ? PREVIOUS_LOG : LOG);
        int tail = request.number("tailLines", lines.size());
        String text = lines.stream()
                .skip(Math.max(0, lines.size() - tail))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        return Answer.text(
                200,
                "text/plain",
                text.substring(0, Math.min(text.length(), request.number("limitBytes", text.length()))));
    }

    /** A request to a pod, addressed as {@code name}, {@code name:port} or {@code scheme:name:port}. */
    Answer proxy(Target target, ApiRequest request) {
        String[] address = target.name().split(":", -1);
        String name = address.length == 3 ? address[1] : address[0];
        JsonNode pod = store.find(new ObjectKey(ResourceType.PODS, target.namespace(), name));
        if (pod == null) {
            throw ApiFailure.notFound(ResourceType.PODS, name);
        }
        int port = port(address);
        if (!PodView.isRunning(pod) || !milvus.listens(pod, port)) {
            throw unreached("dial tcp " + pod.path("status").path("podIP").asText("10.244.0.1") + ":" + port
                    + ": connect: connection refused");
        }
        if (port != ChartObjects.METRICS_PORT) {
            throw unreached("net/http: HTTP/1.x transport connection broken: malformed HTTP response"
                    + " \"\\x00\\x00\\x06\\x04\\x00\"");
        }
        PodAnswer answer = Objects.requireNonNullElseGet(
                endpoint.answer(pod, target.rest()), () -> milvusAnswer(pod, target.rest(), request));
        return Answer.text(answer.status(), answer.contentType(), answer.body());
    }

    /** The port that is asked for, which may be left out only where the first one is the one meant. */
    private static int port(String[] address) {
        String named = address.length == 1 ? "" : address[address.length == 3 ? 2 : 1];
        return named.matches("\\d{1,5}") ? Integer.parseInt(named) : ChartObjects.METRICS_PORT;
    }

    /** The server says so if what it is to pass on finds nobody, or nobody who speaks HTTP. */
    private static ApiFailure unreached(String why) {
        return ApiFailure.of(503, "ServiceUnavailable", "error trying to reach service: " + why);
    }

    private PodAnswer milvusAnswer(JsonNode pod, String path, ApiRequest request) {
        return switch (path) {
            case "/healthz" ->
                milvus.health(pod, request.statesType() && request.contentType().equals(Answer.JSON));
            case "/metrics" -> milvus.metrics(pod);
            default -> PodAnswer.text(404, "404 page not found\n");
        };
    }

    /** The container that is asked for, or the only one. */
    static String container(JsonNode pod, String asked) {
        List<String> names = Stream.of("containers", "initContainers")
                .flatMap(list -> Json.stream(pod.path("spec").path(list)))
                .map(container -> container.path("name").asText())
                .toList();
        String name = pod.path("metadata").path("name").asText();
        if (!asked.isEmpty()) {
            if (!names.contains(asked)) {
                throw ApiFailure.badRequest("container " + asked + " is not valid for pod " + name);
            }
            return asked;
        }
        if (names.size() == 1) {
            return names.get(0);
        }
        throw ApiFailure.badRequest("a container name must be specified for pod " + name + ", choose one of: ["
                + String.join(" ", names) + "]");
    }
}
