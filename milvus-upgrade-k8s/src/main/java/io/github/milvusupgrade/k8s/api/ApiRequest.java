package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request, before any credentials are added to it.
 *
 * @param verb what is asked
 * @param resource the kind with its subresource, as access rules write it: {@code pods/log}
 * @param target what it is about, for people
 * @param namespace where; empty if it is not about a namespace
 * @param path the path at the server
 * @param query its parameters
 * @param headers what it says beside the body
 * @param body the JSON to send, if any
 */
record ApiRequest(
        Verb verb,
        String resource,
        String target,
        String namespace,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        @Nullable JsonNode body) {

    static ApiRequest about(Verb verb, ObjectRef ref) {
        return new ApiRequest(
                verb, ref.resource().toString(), ref.toString(), ref.namespace(), ref.path(), Map.of(), Map.of(), null);
    }

    static ApiRequest about(Verb verb, Selection selection) {
        ApiRequest all = new ApiRequest(
                verb,
                selection.resource().toString(),
                selection.toString(),
                selection.namespace(),
                selection.resource().path(selection.namespace()),
                Map.of(),
                Map.of(),
                null);
        return all.with("labelSelector", selection.labels()).with("fieldSelector", selection.fields());
    }

    /** Something the server says of itself, such as {@code /version}. */
    static ApiRequest about(String path) {
        return new ApiRequest(Verb.GET, path, path, "", path, Map.of(), Map.of(), null);
    }

    /** A part of an object, such as the log of a pod. */
    static ApiRequest part(ObjectRef ref, String subresource) {
        return new ApiRequest(
                Verb.GET,
                ref.resource() + "/" + subresource,
                ref.resource() + "/" + subresource + " " + ref.namespace() + "/" + ref.name(),
                ref.namespace(),
                ref.path() + "/" + subresource,
                Map.of(),
                Map.of(),
                null);
    }

    ApiRequest at(String otherPath) {
        return new ApiRequest(verb, resource, target, namespace, otherPath, query, headers, body);
    }

    /** Adds a parameter, unless it is empty. */
    ApiRequest with(String parameter, String value) {
        if (value.isEmpty()) {
            return this;
        }
        Map<String, String> more = new LinkedHashMap<>(query);
        more.put(parameter, value);
        return new ApiRequest(verb, resource, target, namespace, path, more, headers, body);
    }

    ApiRequest withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ApiRequest(verb, resource, target, namespace, path, query, more, body);
    }

    ApiRequest sending(JsonNode json, String contentType) {
        return new ApiRequest(verb, resource, target, namespace, path, query, headers, json)
                .withHeader("Content-Type", contentType);
    }

    /** Whether it changes something in the cluster: a dry run and a question about access do not. */
    boolean writes() {
        return switch (verb) {
            case GET, LIST, WATCH -> false;
            case CREATE -> !resource.startsWith("selfsubjectaccessreviews.") && !query.containsKey("dryRun");
            case UPDATE, PATCH, DELETE -> !query.containsKey("dryRun");
        };
    }

    /** What to call it in logs and messages: {@code patch deployments.apps default/x}. */
    String operation() {
        return verb + " " + target;
    }
}
