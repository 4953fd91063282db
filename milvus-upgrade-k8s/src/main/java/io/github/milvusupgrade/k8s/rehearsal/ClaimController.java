package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Binds claims of the class {@value #DEFAULT_CLASS}; any other class leaves them Pending. */
final class ClaimController {

    static final String DEFAULT_CLASS = "standard";
    static final String NEVER = "never";

    private final ObjectStore store;
    private final WorkQueue queue;

    ClaimController(ObjectStore store, EventLoop loop) {
        this.store = store;
        this.queue = new WorkQueue(loop, this::bind);
        store.observe(change -> {
            if (change.key().type() == ResourceType.CLAIMS && change.before() == null) {
                queue.add(change.key());
            }
        });
    }

    void bind(ObjectKey key) {
        synchronized (store) {
            ObjectNode claim = store.find(key);
            if (claim == null
                    || !claim.path("spec").path("storageClassName").asText().equals(DEFAULT_CLASS)
                    || claim.path("status").path("phase").asText().equals("Bound")) {
                return;
            }
            JsonNode spec = claim.path("spec");
            ObjectNode bound =
                    Json.with(claim, "spec", Json.copy(spec).put("volumeName", "pvc-" + ObjectStore.uid(claim)));
            bound.set(
                    "status",
                    Json.object(
                            "phase",
                            "Bound",
                            "accessModes",
                            spec.path("accessModes"),
                            "capacity",
                            spec.path("resources").path("requests")));
            store.replace(key, bound);
        }
    }
}
