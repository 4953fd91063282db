package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The environment variables of a container, from values, Secrets, ConfigMaps and the pod itself. */
final class PodEnvironment {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([A-Za-z0-9_.-]+)\\)");

    private PodEnvironment() {}

    static Map<String, String> of(ObjectStore store, JsonNode pod, String container) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("HOSTNAME", pod.path("metadata").path("name").asText());
        Json.stream(pod.path("spec").path("containers"))
                .filter(candidate -> candidate.path("name").asText().equals(container))
                .flatMap(found -> Json.stream(found.path("env")))
                .forEach(variable -> {
                    String value = variable.has("valueFrom")
                            ? from(store, pod, variable.path("valueFrom"))
                            : expanded(variable.path("value").asText(), environment);
                    if (value != null) {
                        environment.put(variable.path("name").asText(), value);
                    }
                });
        return environment;
    }

    /**
     * Replaces {@code $(NAME)} by a variable that stands before; an unknown one stays, and {@code $$} is one dollar.
     */
    private static String expanded(String text, Map<String, String> known) {
        return REFERENCE
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) == null ? "$" : known.getOrDefault(found.group(1), found.group())));
    }

    private static @Nullable String from(ObjectStore store, JsonNode pod, JsonNode source) {
        String namespace = pod.path("metadata").path("namespace").asText();
        JsonNode secret = source.path("secretKeyRef");
        if (!secret.isMissingNode()) {
            String encoded = data(store, ResourceType.SECRETS, namespace, secret);
            return encoded == null ? null : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        }
        JsonNode config = source.path("configMapKeyRef");
        if (!config.isMissingNode()) {
            return data(store, ResourceType.CONFIG_MAPS, namespace, config);
        }
        return switch (source.path("fieldRef").path("fieldPath").asText()) {
            case "metadata.name" -> pod.path("metadata").path("name").asText();
            case "metadata.namespace" -> namespace;
            case "metadata.uid" -> ObjectStore.uid(pod);
            case "status.podIP" -> pod.path("status").path("podIP").asText();
            default -> null;
        };
    }

    private static @Nullable String data(ObjectStore store, ResourceType type, String namespace, JsonNode reference) {
        JsonNode object =
                store.find(new ObjectKey(type, namespace, reference.path("name").asText()));
        JsonNode value = object == null
                ? null
                : object.path("data").get(reference.path("key").asText());
        return value == null ? null : value.asText();
    }
}
