package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to Kubernetes did not do what it was to do, after all retries that made sense.
 *
 * <p>The message names the verb, the object and the server's own words; it never holds credentials or what was sent.
 */
public final class KubeApiException extends UpgradeException {

    /** What went wrong, by what the one who asked can do about it. */
    public enum Kind {
        /** The object, or the namespace it was to be created in, is not there. */
        NOT_FOUND("not found"),
        /** The API server does not know this kind of object, or is no API server. */
        NOT_SERVED("not served"),
        /** An object of this name is there already, and is not ours. */
        ALREADY_EXISTS("already exists"),
        /** Somebody changed the object since it was read: read it again and decide anew. */
        CONFLICT("conflict"),
        /** The account may not do this, a quota is used up, or an admission webhook denied it. */
        FORBIDDEN("forbidden"),
        /** The credentials are missing, wrong or expired. */
        UNAUTHORIZED("unauthorized"),
        /** The request itself is refused, and will be every time. */
        INVALID("invalid"),
        /** The resource version to go on from is too old: list again. */
        GONE("gone"),
        /** The server asked for patience for longer than there was time. */
        THROTTLED("throttled"),
        /** The server answered, but could not serve. */
        UNAVAILABLE("unavailable"),
        /** No answer came: name service, TLS, connection or time. */
        UNREACHABLE("unreachable"),
        /** An answer came that is not the JSON of Kubernetes, or only a part of it. */
        UNREADABLE("unreadable"),
        /** The deadline had passed before the request was sent. */
        OUT_OF_TIME("out of time"),
        /** The thread was interrupted; its interrupt flag is set. */
        INTERRUPTED("interrupted");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    KubeApiException(Failure failure, @Nullable Throwable cause) {
        super(codeOf(failure.kind()), failure.message(), cause);
        this.failure = failure;
    }

    private static Code codeOf(Kind kind) {
        return switch (kind) {
            case UNREACHABLE, OUT_OF_TIME -> Code.API_UNREACHABLE;
            case UNAUTHORIZED -> Code.CREDENTIALS_REJECTED;
            case FORBIDDEN -> Code.PERMISSION_MISSING;
            case INTERRUPTED -> Code.CANCELLED;
            default -> Code.API_REFUSED;
        };
    }

    Failure failure() {
        return failure;
    }

    public Kind kind() {
        return failure.kind();
    }

    public boolean is(Kind kind) {
        return failure.kind() == kind;
    }

    /** The HTTP status; 0 if no answer came. */
    public int httpStatus() {
        return failure.code();
    }

    /** The reason in the server's {@code Status}, such as {@code AlreadyExists}; empty if it gave none. */
    public String reason() {
        return failure.status().path("reason").asText("");
    }

    /** The server's own sentence, or what is known of why no answer came. */
    public String serverMessage() {
        return failure.why();
    }

    public Verb verb() {
        return failure.request().verb();
    }

    /** What the request was about, such as {@code deployments.apps default/my-release-milvus-proxy}. */
    public String object() {
        return failure.request().target();
    }

    /** How long the server asked to wait. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(failure.retryAfter());
    }

    /** The admission webhook that denied the request or did not answer, if the server named one. */
    public Optional<String> webhook() {
        return failure.webhook();
    }

    /**
     * Whether the write may have been applied although it failed for us. Then read the object back before anything else
     * is decided or sent.
     */
    public boolean outcomeUnknown() {
        return failure.outcomeUnknown();
    }

    /** The server's {@code Status} as it came, with its causes; a missing node if it sent none. */
    public JsonNode status() {
        return failure.status();
    }

    KubeApiException with(Failure changed) {
        return new KubeApiException(changed, getCause());
    }
}
