package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What the API server says about itself: version, groups, resources, health. */
final class Discovery {

    private static final JsonNode VERSION = Json.object(
            "major",
            "1",
            "minor",
            "34",
            "gitVersion",
            "v1.34.4",
            "gitCommit",
            "rehearsal",
            "gitTreeState",
            "clean",
            "buildDate",
            "1970-01-01T00:00:00Z",
            "goVersion",
            "none",
            "compiler",
            "none",
            "platform",
            "linux/amd64");
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private Discovery() {}

    static Answer answer(String rawPath) {
        String path = rawPath.replaceFirst("(?<=.)/$", "");
        return switch (path) {
            case "/version" -> Answer.ok(VERSION);
            case "/healthz", "/readyz", "/livez" -> Answer.text(200, "ok");
            case "/api" -> Answer.ok(Json.object("kind", "APIVersions", "versions", List.of("v1")));
            case "/apis" -> Answer.ok(groups());
            default -> path.startsWith("/api") ? resources(path) : notFound();
        };
    }

    private static ObjectNode groups() {
        ArrayNode groups = Json.array(ResourceType.ALL.stream()
                .filter(type -> !type.group().isEmpty())
                .map(type -> group(type.group(), type.version()))
                .distinct());
        groups.add(group("authorization.k8s.io", "v1"));
        return Json.object("kind", "APIGroupList", "apiVersion", "v1", "groups", groups);
    }

    private static JsonNode group(String name, String version) {
        ObjectNode entry = Json.object("groupVersion", name + "/" + version, "version", version);
        return Json.object("name", name, "versions", List.of(entry), "preferredVersion", entry);
    }

    private static Answer resources(String path) {
        String groupVersion = path.replaceFirst("^/apis?/", "");
        ArrayNode resources = Json.array();
        for (ResourceType type : ResourceType.ALL) {
            if (type.apiVersion().equals(groupVersion)) {
                resources.add(resource(type, "", VERBS));
                if (type.hasStatus()) {
                    resources.add(resource(type, "/status", List.of("get", "patch", "update")));
                }
            }
        }
        if (resources.isEmpty()) {
            return path.matches("/api/v1/.*|/apis/apps/v1/.*") ? Answer.of(ApiFailure.noSuchResource()) : notFound();
        }
        ObjectNode list = Json.object("kind", "APIResourceList", "apiVersion", "v1", "groupVersion", groupVersion);
        list.set("resources", resources);
        return Answer.ok(list);
    }

    private static ObjectNode resource(ResourceType type, String subresource, List<String> verbs) {
        ObjectNode resource = Json.object(
                "name", type.plural() + subresource, "singularName", type.kind().toLowerCase(java.util.Locale.ROOT));
        resource.put("namespaced", type.namespaced());
        resource.put("kind", type.kind());
        resource.set("verbs", Json.array(verbs.toArray()));
        return resource;
    }

    private static Answer notFound() {
        return Answer.text(404, "404 page not found\n");
    }
}
