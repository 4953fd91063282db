package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * As much of the API's description (OpenAPI v3) as clients ask for before they write: which kinds there are, and that
 * their fields can be validated by the server. Schemas are left out.
 */
final class OpenApi {

    static final String INDEX = "/openapi/v3";

    private OpenApi() {}

    /** The description at a path below {@link #INDEX}, or the index itself; empty if there is none. */
    static Optional<ObjectNode> at(String path) {
        ObjectNode index = Json.object();
        for (ResourceType type : ResourceType.ALL) {
            String address = INDEX + "/" + root(type);
            index.set(root(type), Json.object("serverRelativeURL", address + "?hash=rehearsal"));
            if (path.equals(address)) {
                return Optional.of(describe(root(type)));
            }
        }
        return path.equals(INDEX) ? Optional.of(Json.object("paths", index)) : Optional.empty();
    }

    private static ObjectNode describe(String root) {
        ObjectNode paths = Json.object();
        for (ResourceType type : ResourceType.ALL) {
            if (root(type).equals(root)) {
                String namespaced = type.namespaced() ? "namespaces/{namespace}/" : "";
                paths.set("/" + root + "/" + namespaced + type.plural() + "/{name}", Json.object("patch", patch(type)));
            }
        }
        ObjectNode about = Json.object("title", "Kubernetes", "version", "v1.34.4");
        return Json.object("openapi", "3.0.0", "info", about, "paths", paths);
    }

    private static ObjectNode patch(ResourceType type) {
        ObjectNode validation = Json.object("name", "fieldValidation", "in", "query");
        validation.set("schema", Json.object("type", "string", "uniqueItems", true));
        ObjectNode kind = Json.object("group", type.group(), "version", type.version(), "kind", type.kind());
        ObjectNode responses = Json.object("200", Json.object("description", "OK"));
        return Json.object("parameters", List.of(validation), "responses", responses)
                .set("x-kubernetes-group-version-kind", kind);
    }

    private static String root(ResourceType type) {
        return (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
    }
}
