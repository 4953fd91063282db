package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import java.util.Iterator;
import java.util.Optional;

/**
 * What the API server remembers of who set which field. Helm 4 applies on the server, and is refused where somebody
 * else has set a field to another value than it wants, now or in a later upgrade. So before Helm is asked, the
 * library's entry is taken off the objects that both have written.
 */
final class Ownership {

    private final KubeApi api;

    Ownership(KubeApi api) {
        this.api = api;
    }

    /** Leaves an object to those who apply it; does nothing where nobody does, or it is gone. */
    void giveUp(ObjectRef ref) {
        for (Optional<ObjectNode> found = api.find(ref); found.isPresent() && isShared(found.get()); ) {
            try {
                api.replace(ref, withoutOurs(found.get()), sent -> !isShared(sent));
                return;
            } catch (KubeApiException e) {
                if (!e.is(KubeApiException.Kind.CONFLICT)) {
                    throw e;
                }
                found = api.find(ref);
            }
        }
    }

    private static boolean isShared(ObjectNode object) {
        boolean applied = false;
        boolean ours = false;
        for (JsonNode entry : object.at("/metadata/managedFields")) {
            applied |= entry.path("operation").asText().equals("Apply");
            ours |= isOurs(entry);
        }
        return applied && ours;
    }

    private static ObjectNode withoutOurs(ObjectNode object) {
        ObjectNode changed = object.deepCopy();
        ArrayNode entries = changed.withObjectProperty("metadata").withArrayProperty("managedFields");
        for (Iterator<JsonNode> each = entries.iterator(); each.hasNext(); ) {
            if (isOurs(each.next())) {
                each.remove();
            }
        }
        return changed;
    }

    private static boolean isOurs(JsonNode entry) {
        return entry.path("manager").asText().equals(KubeApi.FIELD_MANAGER);
    }
}
