package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

    private static final Map<String, String> SHORT_NAMES = Map.ofEntries(
            Map.entry("namespaces", "ns"),
            Map.entry("nodes", "no"),
            Map.entry("pods", "po"),
            Map.entry("configmaps", "cm"),
            Map.entry("services", "svc"),
            Map.entry("serviceaccounts", "sa"),
            Map.entry("events", "ev"),
            Map.entry("persistentvolumeclaims", "pvc"),
            Map.entry("resourcequotas", "quota"),
            Map.entry("deployments", "deploy"),
            Map.entry("replicasets", "rs"),
            Map.entry("statefulsets", "sts"),
            Map.entry("storageclasses", "sc"),
            Map.entry("horizontalpodautoscalers", "hpa"),
            Map.entry("poddisruptionbudgets", "pdb"));

    private Discovery() {}

    static Answer answer(String rawPath) {
        String path = rawPath.replaceFirst("(?<=.)/$", "");
        return switch (path) {
            case "/version" -> Answer.ok(VERSION);
            case "/healthz", "/readyz", "/livez" -> Answer.text(200, "ok");
            case "/api" -> Answer.ok(Json.object("kind", "APIVersions", "versions", List.of("v1")));
            case "/apis" -> Answer.ok(groups());
            default ->
                path.startsWith("/api")
                        ? resources(path)
                        : OpenApi.at(path).map(Answer::ok).orElseGet(Discovery::notFound);
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
                describe(type, resources);
            }
        }
        if (groupVersion.equals(AccessReview.API_VERSION)) {
            resources.add(AccessReview.resource());
        }
        if (resources.isEmpty()) {
            boolean knownGroup =
                    ResourceType.ALL.stream().anyMatch(type -> groupVersion.startsWith(type.apiVersion() + "/"));
            return knownGroup ? Answer.of(ApiFailure.noSuchResource()) : notFound();
        }
        ObjectNode list = Json.object("kind", "APIResourceList", "apiVersion", "v1", "groupVersion", groupVersion);
        return Answer.ok(list.set("resources", resources));
    }

    private static void describe(ResourceType type, ArrayNode resources) {
        ObjectNode described = resource(type, "", type.kind(), VERBS);
        if (SHORT_NAMES.containsKey(type.plural())) {
            described.putArray("shortNames").add(SHORT_NAMES.get(type.plural()));
        }
        resources.add(described);
        if (type.hasStatus()) {
            resources.add(resource(type, "/status", type.kind(), List.of("get", "patch", "update")));
        }
        if (type.hasScale()) {
            ObjectNode scale = resource(type, "/scale", "Scale", List.of("get", "patch", "update"));
            resources.add(scale.put("group", "autoscaling").put("version", "v1"));
        }
        if (type == ResourceType.PODS) {
            resources.add(resource(type, "/exec", "PodExecOptions", List.of("create", "get")));
            resources.add(resource(type, "/log", type.kind(), List.of("get")));
            resources.add(resource(type, "/proxy", "PodProxyOptions", List.of("get")));
        }
    }

    private static ObjectNode resource(ResourceType type, String subresource, String kind, List<String> verbs) {
        return Json.object(
                "name",
                type.plural() + subresource,
                "singularName",
                type.kind().toLowerCase(Locale.ROOT),
                "namespaced",
                type.namespaced(),
                "kind",
                kind,
                "verbs",
                verbs);
    }

    private static Answer notFound() {
        return Answer.text(404, "404 page not found\n");
    }
}
