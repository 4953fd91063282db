package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that the API server turns down, with the {@code Status} object that says why. */
final class ApiFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;
    private final transient ObjectNode status;

    private ApiFailure(int code, String reason, String message, @Nullable ObjectNode details) {
        super(message, null, false, false);
        this.code = code;
        this.status = Json.object(
                "kind",
                "Status",
                "apiVersion",
                "v1",
                "metadata",
                Json.object(),
                "status",
                "Failure",
                "message",
                message,
                "reason",
                reason.isEmpty() ? null : reason,
                "details",
                details,
                "code",
                code);
    }

    static ApiFailure of(int code, String reason, String message) {
        return new ApiFailure(code, reason, message, Json.object());
    }

    static ApiFailure badRequest(String message) {
        return new ApiFailure(400, "BadRequest", message, null);
    }

    static ApiFailure notFound(ResourceType type, String name) {
        return new ApiFailure(
                404, "NotFound", type.qualifiedPlural() + " \"" + name + "\" not found", details(type, name));
    }

    static ApiFailure noSuchResource() {
        return new ApiFailure(404, "NotFound", "the server could not find the requested resource", Json.object());
    }

    static ApiFailure alreadyExists(ResourceType type, String name) {
        return new ApiFailure(
                409, "AlreadyExists", type.qualifiedPlural() + " \"" + name + "\" already exists", details(type, name));
    }

    static ApiFailure conflict(ResourceType type, String name, String why) {
        return new ApiFailure(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + type.qualifiedPlural() + " \"" + name + "\": " + why,
                details(type, name));
    }

    static ApiFailure modified(ResourceType type, String name) {
        return conflict(
                type,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    static ApiFailure forbidden(ResourceType type, String name, String why) {
        return new ApiFailure(
                403,
                "Forbidden",
                type.qualifiedPlural() + (name.isEmpty() ? "" : " \"" + name + "\"") + " is forbidden: " + why,
                details(type, name));
    }

    /** A deletion's precondition that does not hold, which names the kind and not the resource. */
    static ApiFailure precondition(ResourceType type, String name, String why) {
        return new ApiFailure(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + type.qualifiedKind() + " \"" + name + "\": " + why,
                Json.object("name", name, "group", type.group().isEmpty() ? null : type.group(), "kind", type.kind()));
    }

    static ApiFailure versionRequired(ResourceType type, String name) {
        FieldError error = FieldError.invalid("metadata.resourceVersion", "0", "must be specified for an update");
        return new ApiFailure(
                422,
                "Invalid",
                type.qualifiedPlural() + " \"" + name + "\" is invalid: " + error,
                withCauses(details(type, name), List.of(error)));
    }

    /** A patch whose result cannot be decoded. */
    static ApiFailure invalidPatch(String patch, String why) {
        FieldError error = FieldError.invalid("patch", "\"" + patch.replace("\"", "\\\"") + "\"", why);
        return new ApiFailure(422, "Invalid", " \"\" is invalid: " + error, withCauses(Json.object(), List.of(error)));
    }

    static ApiFailure expired(long asked, long oldest) {
        return new ApiFailure(410, "Expired", "too old resource version: " + asked + " (" + oldest + ")", null);
    }

    static ApiFailure tooLarge(int limit) {
        return new ApiFailure(413, "RequestEntityTooLarge", "Request entity too large: limit is " + limit, null);
    }

    static ApiFailure tooManyRequests(int retryAfterSeconds) {
        return new ApiFailure(
                429,
                "TooManyRequests",
                "Too many requests, please try again later.",
                Json.object("retryAfterSeconds", retryAfterSeconds));
    }

    /** An object with wrong fields; the message joins them as the API server does. */
    static ApiFailure invalid(ResourceType type, String name, List<FieldError> errors) {
        List<String> texts = errors.stream().map(FieldError::toString).toList();
        String joined = texts.size() == 1 ? texts.get(0) : "[" + String.join(", ", texts) + "]";
        ObjectNode details = Json.object(
                "name", name.isEmpty() ? null : name, "group", type.group().isEmpty() ? null : type.group());
        details.put("kind", type.kind());
        return new ApiFailure(
                422,
                "Invalid",
                type.qualifiedKind() + " \"" + name + "\" is invalid: " + joined,
                withCauses(details, errors));
    }

    private static ObjectNode withCauses(ObjectNode details, List<FieldError> errors) {
        ArrayNode causes = details.putArray("causes");
        errors.forEach(error ->
                causes.add(Json.object("reason", error.reason(), "message", error.text(), "field", error.field())));
        return details;
    }

    int code() {
        return code;
    }

    JsonNode status() {
        return status;
    }

    private static ObjectNode details(ResourceType type, String name) {
        return Json.object("name", name, "group", type.group().isEmpty() ? null : type.group(), "kind", type.plural());
    }
}
