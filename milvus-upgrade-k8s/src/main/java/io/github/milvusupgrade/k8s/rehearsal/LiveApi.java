package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Calls to somebody else's cluster through the official client, in raw JSON so that no field gets lost. */
final class LiveApi {

    private final ApiClient client;

    LiveApi(ApiClient client) {
        this.client = client;
    }

    JsonNode list(ResourceType type, String namespace, String labelSelector) {
        List<Pair> query = labelSelector.isEmpty() ? List.of() : List.of(new Pair("labelSelector", labelSelector));
        return call("GET", path(type, namespace), query, null);
    }

    void create(ResourceType type, String namespace, JsonNode object) {
        call("POST", path(type, namespace), List.of(), object);
    }

    private static String path(ResourceType type, String namespace) {
        String root = type.group().isEmpty() ? "/api/" : "/apis/";
        return root + type.apiVersion() + "/namespaces/" + namespace + "/" + type.plural();
    }

    private JsonNode call(String method, String path, List<Pair> query, @Nullable JsonNode body) {
        try (Response response = client.buildCall(
                        null,
                        path,
                        method,
                        query,
                        List.of(),
                        body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8),
                        new HashMap<>(Map.of("Accept", Answer.JSON, "Content-Type", Answer.JSON)),
                        new HashMap<>(),
                        new HashMap<>(),
                        new String[] {"BearerToken"},
                        null)
                .execute()) {
            String text = response.body().string();
            if (!response.isSuccessful()) {
                throw failed(method, path, "HTTP " + response.code() + " " + text, null);
            }
            return Json.MAPPER.readTree(text);
        } catch (IOException | ApiException e) {
            throw failed(method, path, e.toString(), e);
        }
    }

    private static IllegalStateException failed(String method, String path, String why, @Nullable Exception cause) {
        return new IllegalStateException(
                method + " " + path + " failed : " + why + ". Give a client that may do this there.", cause);
    }
}
