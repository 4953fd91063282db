package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of the API server that an upgrade can run into, with its own texts. */
final class Validation {

    private static final int CONFIG_MAP_LIMIT = 1024 * 1024;
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern LABEL_VALUE = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
    private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final String IMMUTABLE = "field is immutable";

    private final List<FieldError> errors = new ArrayList<>();

    private Validation() {}

    /**
     * Throws the API server's 422 if the object is not acceptable.
     *
     * @param before what it replaces, null if it is new
     */
    static void check(ResourceType type, @Nullable JsonNode before, JsonNode object) {
        Validation validation = new Validation();
        validation.metadata(object.path("metadata"));
        JsonNode spec = object.path("spec");
        switch (type) {
            case DEPLOYMENTS, REPLICA_SETS, STATEFUL_SETS -> validation.workload(type, before, spec);
            case PODS -> validation.pod(before, spec);
            case CONFIG_MAPS, SECRETS -> validation.data(before, object);
            default -> {}
        }
        if (!validation.errors.isEmpty()) {
            throw ApiFailure.invalid(type, object.path("metadata").path("name").asText(), validation.errors);
        }
    }

    private void metadata(JsonNode metadata) {
        String name = metadata.path("name").asText();
        if (name.isEmpty()) {
            errors.add(FieldError.required("metadata.name", "name or generateName is required"));
        } else if (name.length() > 253 || !SUBDOMAIN.matcher(name).matches()) {
            errors.add(FieldError.invalid(
                    "metadata.name",
                    quoted(name),
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and"
                            + " must start and end with an alphanumeric character (e.g. 'example.com', regex used for"
                            + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"));
        }
        metadata.path("labels").properties().forEach(label -> {
            String value = label.getValue().asText();
            if (value.length() > 63) {
                errors.add(new FieldError(
                        "metadata.labels", "FieldValueTooLong", "Too long: may not be more than 63 bytes"));
            } else if (!LABEL_VALUE.matcher(value).matches()) {
                errors.add(FieldError.invalid(
                        "metadata.labels",
                        quoted(value),
                        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.',"
                                + " and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
                                + " 'my_value',  or '12345', regex used for validation is"
                                + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"));
            }
        });
    }

    private void workload(ResourceType type, @Nullable JsonNode before, JsonNode spec) {
        JsonNode selector = spec.path("selector");
        if (!selector.isObject()) {
            errors.add(FieldError.required("spec.selector", ""));
        } else if (!LabelSelector.of(selector).test(spec.path("template"))) {
            errors.add(FieldError.invalid(
                    "spec.template.metadata.labels",
                    spec.path("template").path("metadata").path("labels").toString(),
                    "`selector` does not match template `labels`"));
        }
        if (spec.path("replicas").asInt() < 0) {
            errors.add(FieldError.invalid(
                    "spec.replicas", spec.path("replicas").asText(), "must be greater than or equal to 0"));
        }
        containers("spec.template.spec.containers", spec.path("template").path("spec"));
        if (type == ResourceType.DEPLOYMENTS) {
            strategy(spec);
        }
        if (before != null && !before.path("spec").path("selector").equals(selector)) {
            errors.add(FieldError.invalid("spec.selector", selector.toString(), IMMUTABLE));
        }
    }

    private void strategy(JsonNode spec) {
        JsonNode strategy = spec.path("strategy");
        JsonNode rolling = strategy.path("rollingUpdate");
        String type = strategy.path("type").asText();
        if (type.equals("Recreate") && rolling.isObject()) {
            errors.add(FieldError.forbidden(
                    "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'"));
        } else if (type.equals("RollingUpdate")
                && isZero(rolling.path("maxSurge"))
                && isZero(rolling.path("maxUnavailable"))) {
            errors.add(FieldError.invalid(
                    "spec.strategy.rollingUpdate.maxUnavailable",
                    rolling.path("maxUnavailable").toString(),
                    "may not be 0 when `maxSurge` is 0"));
        } else if (!type.equals("Recreate") && !type.equals("RollingUpdate")) {
            errors.add(new FieldError(
                    "spec.strategy.type",
                    "FieldValueNotSupported",
                    "Unsupported value: " + quoted(type) + ": supported values: \"Recreate\", \"RollingUpdate\""));
        }
        int deadline = spec.path("progressDeadlineSeconds").asInt();
        if (deadline <= spec.path("minReadySeconds").asInt()) {
            errors.add(FieldError.invalid(
                    "spec.progressDeadlineSeconds",
                    Integer.toString(deadline),
                    "must be greater than minReadySeconds"));
        }
    }

    private void pod(@Nullable JsonNode before, JsonNode spec) {
        containers("spec.containers", spec);
        if (before == null) {
            return;
        }
        JsonNode old = before.path("spec");
        if (!withoutWhatMayChange(old).equals(withoutWhatMayChange(spec))) {
            errors.add(FieldError.forbidden(
                    "spec",
                    "pod updates may not change fields other than `spec.containers[*].image`,"
                            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only"
                            + " additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be"
                            + " set to 1 if it was previously negative)"));
        }
    }

    private void containers(String path, JsonNode podSpec) {
        if (podSpec.path("containers").isEmpty()) {
            errors.add(FieldError.required(path, ""));
        }
        Set<String> names = new HashSet<>();
        int index = 0;
        for (JsonNode container : podSpec.path("containers")) {
            String at = path + "[" + index++ + "]";
            String name = container.path("name").asText();
            if (name.isEmpty()) {
                errors.add(FieldError.required(at + ".name", ""));
            } else if (!names.add(name)) {
                errors.add(FieldError.duplicate(at + ".name", name));
            }
            if (container.path("image").asText().isEmpty()) {
                errors.add(FieldError.required(at + ".image", ""));
            }
        }
    }

    private void data(@Nullable JsonNode before, JsonNode object) {
        int size = 0;
        object.path("data").fieldNames().forEachRemaining(key -> {
            if (!CONFIG_KEY.matcher(key).matches()) {
                errors.add(FieldError.invalid(
                        "data[" + key + "]",
                        quoted(key),
                        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name', "
                                + " or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"));
            }
        });
        for (String field : List.of("data", "binaryData")) {
            for (JsonNode value : object.path(field)) {
                size += value.asText().getBytes(StandardCharsets.UTF_8).length;
            }
        }
        if (size > CONFIG_MAP_LIMIT) {
            errors.add(FieldError.tooLong("[]", CONFIG_MAP_LIMIT));
        }
        if (before == null || !before.path("immutable").asBoolean()) {
            return;
        }
        if (!object.path("immutable").asBoolean()) {
            errors.add(FieldError.forbidden("immutable", "field is immutable when `immutable` is set"));
        }
        for (String field : List.of("data", "binaryData")) {
            if (!before.path(field).equals(object.path(field))) {
                errors.add(FieldError.forbidden(field, "field is immutable when `immutable` is set"));
            }
        }
    }

    private static boolean isZero(JsonNode value) {
        return value.asText().matches("0+%?");
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static JsonNode withoutWhatMayChange(JsonNode podSpec) {
        ObjectNode rest = Json.copy(podSpec);
        rest.remove(List.of("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"));
        for (String list : List.of("containers", "initContainers")) {
            rest.set(
                    list,
                    Json.array(Json.stream(podSpec.path(list)).map(container -> Json.without(container, "image"))));
        }
        return rest;
    }
}
