package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a rehearsed Milvus says of itself. One pod of each coordinator is active, until it is on its way out; nodes and
 * proxies register and take over as soon as they are ready. Faults of the pods change that.
 */
final class MilvusAnswers {

    private static final List<String> COORDINATORS = List.of("rootcoord", "datacoord", "indexcoord", "querycoord");
    private static final List<String> WORKERS = List.of("proxy", "querynode", "datanode", "indexnode");

    private final ObjectStore store;
    private final PodFaults faults;
    private final Map<String, String> activeUids = new HashMap<>();

    MilvusAnswers(ObjectStore store, PodFaults faults) {
        this.store = store;
        this.faults = faults;
    }

    /** The states of the roles: as JSON to whoever says that it is spoken, else as a word. */
    PodAnswer health(JsonNode pod, boolean asJson) {
        boolean ready = PodView.isReady(pod);
        String component = PodView.component(pod);
        List<JsonNode> detail = new ArrayList<>();
        for (String role : roles(component)) {
            detail.add(Json.object("name", role, "code", code(pod, role, ready)));
        }
        String state = ready ? "OK" : "component " + component + " state is Initializing";
        int status = ready ? 200 : 500;
        return asJson
                ? PodAnswer.json(
                        status, Json.object("state", state, "detail", detail).toString())
                : PodAnswer.text(status, state);
    }

    /** Whether a process listens at a port of a pod that runs. */
    boolean listens(JsonNode pod, int port) {
        return port == ChartObjects.METRICS_PORT
                || !faults.hangs(pod)
                        && Json.stream(pod.path("spec").path("containers"))
                                .flatMap(container -> Json.stream(container.path("ports")))
                                .anyMatch(declared ->
                                        declared.path("containerPort").asInt() == port);
    }

    PodAnswer metrics(JsonNode pod) {
        String component = PodView.component(pod);
        StringBuilder text = new StringBuilder();
        gauge(text, "milvus_num_node", "{role_name=\"" + component + "\"}", 1);
        if (serves(pod, "rootcoord")) {
            gauge(text, "milvus_rootcoord_proxy_num", "", registered(pod, "proxy"));
        }
        if (serves(pod, "datacoord")) {
            gauge(text, "milvus_datacoord_datanode_num", "", registered(pod, "datanode"));
            gauge(text, "milvus_datacoord_index_node_num", "", registered(pod, "indexnode"));
        }
        if (serves(pod, "querycoord")) {
            gauge(text, "milvus_querycoord_querynode_num", "", registered(pod, "querynode"));
            gauge(text, "milvus_querycoord_partition_num", "", 1);
            gauge(text, "milvus_querycoord_task_num", "{querycoord_task_type=\"segment_grow\"}", 0);
        }
        if (component.equals("querynode")) {
            int held = takenOver(pod);
            gauge(text, "milvus_querynode_collection_num", "{node_id=\"1\"}", held);
            if (held > 0) {
                served(text, pod);
            }
        }
        if (component.equals("datanode")) {
            int written = takenOver(pod);
            gauge(text, "milvus_datanode_flowgraph_num", "{node_id=\"1\"}", written);
            if (written > 0) {
                gauge(text, "milvus_datanode_consume_tt_lag_ms", "{collection_id=\"1\",msg_type=\"all\"}", 200);
            }
        }
        return PodAnswer.text(200, text.toString());
    }

    private void served(StringBuilder text, JsonNode pod) {
        if (!suffers(PodFault.Kind.CONSUMES_NOTHING, pod)) {
            gauge(text, "milvus_querynode_consume_tt_lag_ms", "{collection_id=\"1\",msg_type=\"insert\"}", 200);
        }
        gauge(text, "milvus_querynode_segment_num", "{collection_id=\"1\",segment_state=\"Sealed\"}", 2);
    }

    private static void gauge(StringBuilder text, String name, String labels, int value) {
        text.append("# TYPE ").append(name).append(" gauge\n");
        text.append(name).append(labels).append(' ').append(value).append('\n');
    }

    private int code(JsonNode pod, String role, boolean ready) {
        if (!ready) {
            return 0;
        }
        return !role.endsWith("coord") || isActive(pod) || faults.hangs(pod) ? 1 : 3;
    }

    private int takenOver(JsonNode pod) {
        return PodView.isReady(pod) && !suffers(PodFault.Kind.TAKES_NOTHING_OVER, pod) ? 1 : 0;
    }

    private int registered(JsonNode asked, String component) {
        return (int) peers(asked, component)
                .filter(pod -> !suffers(PodFault.Kind.NEVER_REGISTERS, pod))
                .count();
    }

    private boolean serves(JsonNode pod, String role) {
        return roles(PodView.component(pod)).stream().anyMatch(name -> name.equals(role) || name.equals("mixcoord"))
                && isActive(pod);
    }

    /** The active one stays active as long as it may; the next one is whoever is there then. */
    private boolean isActive(JsonNode pod) {
        synchronized (activeUids) {
            String component = PodView.component(pod);
            String key = pod.path("metadata").path("namespace").asText() + "/" + instance(pod) + "/" + component;
            List<String> able = peers(pod, component)
                    .filter(peer -> !suffers(PodFault.Kind.STAYS_STANDBY, peer) && !faults.hangs(peer))
                    .map(ObjectStore::uid)
                    .toList();
            String active = activeUids.getOrDefault(key, "");
            if (!able.contains(active)) {
                active = able.isEmpty() ? "" : able.get(0);
                activeUids.put(key, active);
            }
            return active.equals(ObjectStore.uid(pod));
        }
    }

    /** The ready pods of a component of the same instance that are not on their way out. */
    private Stream<ObjectNode> peers(JsonNode pod, String component) {
        String namespace = pod.path("metadata").path("namespace").asText();
        return store.list(ResourceType.PODS, namespace).stream()
                .filter(peer -> instance(peer).equals(instance(pod)))
                .filter(peer -> PodView.component(peer).equals(component))
                .filter(peer -> PodView.isReady(peer) && PodView.isActive(peer));
    }

    private boolean suffers(PodFault.Kind kind, JsonNode pod) {
        if (!faults.has(kind, pod)) {
            return false;
        }
        faults.hit(kind, pod);
        return true;
    }

    private static String instance(JsonNode pod) {
        return pod.path("metadata")
                .path("labels")
                .path("app.kubernetes.io/instance")
                .asText();
    }

    private static List<String> roles(String component) {
        return switch (component) {
            case "mixcoord" -> COORDINATORS;
            case "standalone" ->
                Stream.concat(COORDINATORS.stream(), WORKERS.stream()).toList();
            default -> List.of(component);
        };
    }
}
