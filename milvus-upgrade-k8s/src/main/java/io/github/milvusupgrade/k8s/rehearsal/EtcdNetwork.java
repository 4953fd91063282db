package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whether a pod reaches the rehearsed etcd at an address, by the rules of cluster DNS and Services. */
final class EtcdNetwork {

    private static final String PORT = "2379";

    private final ObjectStore store;
    private final RehearsedEtcd etcd;

    EtcdNetwork(ObjectStore store, RehearsedEtcd etcd) {
        this.store = store;
        this.etcd = etcd;
    }

    /** What the dialer says, empty if it gets through. */
    Optional<String> obstacle(JsonNode pod, String endpoint) {
        String address = endpoint.replaceFirst("^[a-z]+://", "").replaceFirst("/.*$", "");
        String host = address.replaceFirst(":\\d+$", "");
        String port = address.substring(host.length()).replaceFirst("^:", "");
        boolean found = isHere(pod, host, port);
        if (!found && !isService(pod, host, any -> true) && !host.matches("[0-9.]+|localhost")) {
            return Optional.of("dial tcp: lookup " + host + " on 10.96.0.10:53: no such host");
        }
        return found && !etcd.isCutOff()
                ? Optional.empty()
                : Optional.of(
                        "dial tcp " + address.replace("localhost", "127.0.0.1") + ": connect: connection refused");
    }

    private boolean isHere(JsonNode pod, String host, String port) {
        if (host.matches("127\\.0\\.0\\.1|localhost")) {
            return isEtcd(pod) && port.equals(PORT);
        }
        return etcd.isAt(host)
                || store.list(ResourceType.PODS, "").stream()
                        .anyMatch(candidate -> PodView.isRunning(candidate)
                                && isEtcd(candidate)
                                && candidate
                                        .path("status")
                                        .path("podIP")
                                        .asText()
                                        .equals(host)
                                && port.equals(PORT))
                || isService(pod, host, service -> hasPort(service, port) && leadsToAPod(service));
    }

    private static boolean isEtcd(JsonNode pod) {
        return Json.stream(pod.path("spec").path("containers"))
                .flatMap(container -> Json.stream(container.path("ports")))
                .anyMatch(port -> port.path("containerPort").asText().equals(PORT));
    }

    /**
     * Names are {@code service}, {@code service.namespace}, {@code …svc}, {@code …svc.cluster.local}, {@code pod.…}.
     */
    private boolean isService(JsonNode pod, String host, Predicate<JsonNode> wanted) {
        String own = pod.path("metadata").path("namespace").asText();
        List<String> name = List.of(
                host.replaceFirst("\\.svc(\\.cluster\\.local)?\\.?$", "").split("\\."));
        return switch (name.size()) {
            case 1 -> matches(own, name.get(0), wanted);
            case 2 -> matches(name.get(1), name.get(0), wanted) || matches(own, name.get(1), wanted);
            case 3 -> matches(name.get(2), name.get(1), wanted);
            default -> false;
        };
    }

    private boolean matches(String namespace, String name, Predicate<JsonNode> wanted) {
        @Nullable JsonNode service = store.find(new ObjectKey(ResourceType.SERVICES, namespace, name));
        return service != null && wanted.test(service);
    }

    private static boolean hasPort(JsonNode service, String port) {
        return Json.stream(service.path("spec").path("ports"))
                .filter(candidate -> candidate.path("port").asText().equals(port))
                .map(found -> found.path("targetPort").asText(port))
                .anyMatch(target -> target.equals(PORT) || target.equals("client"));
    }

    private boolean leadsToAPod(JsonNode service) {
        JsonNode selector = service.path("spec").path("selector");
        return selector.isEmpty()
                || store
                        .list(
                                ResourceType.PODS,
                                service.path("metadata").path("namespace").asText())
                        .stream()
                        .anyMatch(pod -> PodView.isRunning(pod) && isSelected(pod, selector));
    }

    private static boolean isSelected(JsonNode pod, JsonNode selector) {
        JsonNode labels = pod.path("metadata").path("labels");
        return selector.properties().stream()
                .allMatch(entry -> labels.path(entry.getKey()).equals(entry.getValue()));
    }
}
