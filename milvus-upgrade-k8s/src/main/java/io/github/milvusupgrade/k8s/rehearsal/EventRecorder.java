package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes core/v1 Events. The same event about the same object is counted, not repeated; the oldest ones go, as they do
 * on a real cluster after an hour.
 */
final class EventRecorder {

    private static final int LIMIT = 4000;

    private final ObjectStore store;
    private final Map<String, ObjectKey> recorded = new LinkedHashMap<>();

    EventRecorder(ObjectStore store) {
        this.store = store;
    }

    void normal(JsonNode about, String reason, String message, String component) {
        record(about, "Normal", reason, message, component);
    }

    void warning(JsonNode about, String reason, String message, String component) {
        record(about, "Warning", reason, message, component);
    }

    private void record(JsonNode about, String type, String reason, String message, String component) {
        synchronized (store) {
            String id = ObjectStore.uid(about) + reason + message;
            ObjectKey key = recorded.get(id);
            ObjectNode known = key == null ? null : store.find(key);
            if (key != null && known != null) {
                ObjectNode again = Json.with(
                        known, "count", known.numberNode(known.path("count").asInt() + 1));
                store.replace(key, again.put("lastTimestamp", ObjectStore.now()));
                return;
            }
            recorded.put(id, create(about, type, reason, message, component));
            if (recorded.size() > LIMIT) {
                Map.Entry<String, ObjectKey> oldest =
                        recorded.entrySet().iterator().next();
                recorded.remove(oldest.getKey());
                store.remove(oldest.getValue());
            }
        }
    }

    private ObjectKey create(JsonNode about, String type, String reason, String message, String component) {
        JsonNode metadata = about.path("metadata");
        String namespace = metadata.path("namespace").asText("default");
        String name = metadata.path("name").asText() + "." + RandomName.suffix() + RandomName.suffix();
        String now = ObjectStore.now();
        ObjectNode event = Json.object("kind", "Event", "apiVersion", "v1");
        event.set("metadata", Json.object("name", name, "namespace", namespace));
        event.set("involvedObject", reference(about));
        event.put("type", type).put("reason", reason).put("message", message);
        event.set("source", Json.object("component", component));
        event.put("reportingComponent", component).put("reportingInstance", "");
        event.put("firstTimestamp", now).put("lastTimestamp", now).put("count", 1);
        event.putNull("eventTime");
        ObjectKey key = new ObjectKey(ResourceType.EVENTS, namespace, name);
        store.create(key, event);
        return key;
    }

    private static ObjectNode reference(JsonNode about) {
        JsonNode metadata = about.path("metadata");
        return Json.object(
                "kind",
                about.path("kind"),
                "apiVersion",
                about.path("apiVersion"),
                "namespace",
                metadata.path("namespace"),
                "name",
                metadata.path("name"),
                "uid",
                metadata.path("uid"),
                "resourceVersion",
                metadata.path("resourceVersion"));
    }
}
