package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Owner references: who controls an object. */
final class Owners {

    private Owners() {}

    static Optional<ObjectKey> controllerOf(JsonNode object, ResourceType ownerType) {
        return Json.stream(object.path("metadata").path("ownerReferences"))
                .filter(owner -> owner.path("controller").asBoolean()
                        && owner.path("kind").asText().equals(ownerType.kind()))
                .map(owner -> new ObjectKey(
                        ownerType,
                        object.path("metadata").path("namespace").asText(),
                        owner.path("name").asText()))
                .findFirst();
    }

    /** Where the owner of a reference is, seen from the object that carries it. */
    static Optional<ObjectKey> keyOf(ObjectKey dependent, JsonNode reference) {
        return ResourceType.ALL.stream()
                .filter(type -> type.kind().equals(reference.path("kind").asText()))
                .map(type -> new ObjectKey(
                        type,
                        type.namespaced() ? dependent.namespace() : "",
                        reference.path("name").asText()))
                .findFirst();
    }

    /** The reference by which an object is controlled by this owner. */
    static ObjectNode reference(JsonNode owner) {
        return Json.object(
                "apiVersion",
                owner.path("apiVersion"),
                "kind",
                owner.path("kind"),
                "name",
                owner.path("metadata").path("name"),
                "uid",
                owner.path("metadata").path("uid"),
                "controller",
                true,
                "blockOwnerDeletion",
                true);
    }
}
