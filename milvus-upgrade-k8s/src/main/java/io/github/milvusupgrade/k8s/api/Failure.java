package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request that failed: classified once, here, and told in words.
 *
 * @param kind what went wrong
 * @param request the request
 * @param code the HTTP status, 0 if no answer came
 * @param status the server's {@code Status}, or a missing node
 * @param headline the first line of the message
 * @param why the reason in the server's words, or in ours if it said nothing
 * @param retryAfter how long the server asked to wait
 * @param outcomeUnknown whether a write may have been applied all the same
 * @param retryable whether the same request may succeed later
 * @param details further lines of the message: what to do
 */
record Failure(
        Kind kind,
        ApiRequest request,
        int code,
        JsonNode status,
        String headline,
        String why,
        @Nullable Duration retryAfter,
        boolean outcomeUnknown,
        boolean retryable,
        List<String> details) {

    private static final Pattern WEBHOOK = Pattern.compile("webhook \"([^\"]+)\"");
    private static final String DOUBT = "It may have been applied: read the object back before sending it again.";

    /** The server answered with another status than success. {@code status} is its JSON, or a missing node. */
    static KubeApiException refused(ApiRequest request, int code, JsonNode status, @Nullable Duration retryAfter) {
        boolean spoken = isStatus(status);
        String said = status.path("message").asText("");
        Kind kind = kindOf(code, spoken, status.path("reason").asText(""), said);
        String why = !said.isEmpty() ? said : spoken ? "no message" : "the answer holds no Kubernetes Status";
        String did = kind == Kind.UNAVAILABLE ? "Kubernetes could not serve " : "Kubernetes refused ";
        Failure failure = new Failure(
                kind,
                request,
                code,
                spoken ? status : MissingNode.getInstance(),
                did + request.operation() + ": " + kind.label() + " (" + code + "): " + why,
                why,
                retryAfter,
                false,
                kind == Kind.UNAVAILABLE || kind == Kind.THROTTLED || kind == Kind.UNAUTHORIZED,
                List.of());
        failure = failure.adding(failure.advice());
        return new KubeApiException(kind == Kind.UNAVAILABLE ? failure.maybeApplied() : failure, null);
    }

    static boolean isStatus(JsonNode json) {
        return json.path("kind").asText("").equals("Status");
    }

    /** No answer came. {@code reachedBefore} tells an outage from a wrong configuration. */
    static KubeApiException unanswered(ApiRequest request, String host, IOException cause, boolean reachedBefore) {
        boolean misconfigured = cause instanceof UnknownHostException
                || cause instanceof SSLHandshakeException
                || cause instanceof SSLPeerUnverifiedException
                || (cause instanceof SSLException && !reachedBefore);
        boolean neverSent =
                misconfigured || cause instanceof ConnectException || cause instanceof NoRouteToHostException;
        Failure failure = ours(
                Kind.UNREACHABLE,
                request,
                "No answer from Kubernetes at " + host + " to ",
                wordsFor(cause),
                reachedBefore || !misconfigured);
        if (misconfigured && !reachedBefore) {
            failure = failure.adding("Check the server address and its certificate authority in the kubeconfig.");
        }
        return new KubeApiException(neverSent ? failure : failure.maybeApplied(), cause);
    }

    /** An answer of success came that cannot be understood. */
    static KubeApiException unreadable(ApiRequest request, String host, String why) {
        String did = "No readable answer from Kubernetes at " + host + " to ";
        return new KubeApiException(
                ours(Kind.UNREADABLE, request, did, why, true).maybeApplied(), null);
    }

    /** The caller's {@code ApiClient}, or an interceptor of it, could not build or sign the request. */
    static KubeApiException unsigned(ApiRequest request, Exception cause) {
        // The cause's own message may quote credentials; whoever needs it finds it in the stack trace.
        String why = "the ApiClient could not sign it (" + cause.getClass().getSimpleName() + ")";
        Failure failure = ours(Kind.UNAUTHORIZED, request, "Could not send ", why, true);
        return new KubeApiException(failure.adding(failure.advice()), cause);
    }

    static KubeApiException outOfTime(ApiRequest request) {
        return new KubeApiException(
                ours(Kind.OUT_OF_TIME, request, "No time left for ", "its deadline has passed", true), null);
    }

    /** {@code maybeApplied} says whether a write had been sent before. */
    static KubeApiException interrupted(ApiRequest request, boolean maybeApplied, @Nullable Throwable cause) {
        Failure failure = ours(Kind.INTERRUPTED, request, "Stopped during ", "the thread was interrupted", false);
        return new KubeApiException(maybeApplied ? failure.maybeApplied() : failure, cause);
    }

    private static Failure ours(Kind kind, ApiRequest request, String did, String why, boolean retryable) {
        return new Failure(
                kind,
                request,
                0,
                MissingNode.getInstance(),
                did + request.operation() + ": " + why,
                why,
                null,
                false,
                retryable,
                List.of());
    }

    private static Kind kindOf(int code, boolean spoken, String reason, String said) {
        return switch (code) {
            case 401 -> Kind.UNAUTHORIZED;
            case 403 -> Kind.FORBIDDEN;
            case 404 ->
                spoken && !said.equals("the server could not find the requested resource")
                        ? Kind.NOT_FOUND
                        : Kind.NOT_SERVED;
            case 409 -> reason.equals("AlreadyExists") ? Kind.ALREADY_EXISTS : Kind.CONFLICT;
            case 410 -> Kind.GONE;
            case 429 -> Kind.THROTTLED;
            case 408 -> Kind.UNAVAILABLE;
            default -> code >= 500 ? Kind.UNAVAILABLE : Kind.INVALID;
        };
    }

    private static String wordsFor(IOException cause) {
        String said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        if (cause instanceof UnknownHostException) {
            return "the name service does not know the host (" + said + ")";
        } else if (cause instanceof SSLException) {
            return "TLS failed (" + said + ")";
        } else if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
            return "no connection (" + said + ")";
        } else if (cause instanceof SocketTimeoutException || said.equals("timeout")) {
            return "no answer in time (" + said + ")";
        }
        return "the connection was lost (" + said + ")";
    }

    private String advice() {
        if (kind == Kind.FORBIDDEN && why.contains(" cannot " + request.verb() + " resource ")) {
            return "Grant the account the verb \"" + request.verb() + "\" on " + request.resource()
                    + (request.namespace().isEmpty() ? "." : " in namespace " + request.namespace() + ".");
        } else if (kind == Kind.UNAUTHORIZED) {
            return "Renew the credentials of the ApiClient.";
        } else if (kind == Kind.NOT_SERVED) {
            return "Check that the address is a Kubernetes API server, and that it serves " + request.path() + ".";
        }
        return "";
    }

    /** The most times that the request is sent in all, whatever time there is. */
    int mostAttempts() {
        if (kind == Kind.UNAUTHORIZED) {
            return 2;
        }
        // A webhook that is down answers 500 each time; an outage of the server itself shows as 503 or no answer.
        return kind == Kind.UNREADABLE || (code == 500 && request.writes()) ? 3 : Integer.MAX_VALUE;
    }

    Optional<String> webhook() {
        Matcher matcher = WEBHOOK.matcher(why);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** The same, where a write may have been applied all the same; requests that change nothing have no such doubt. */
    Failure maybeApplied() {
        return outcomeUnknown || !request.writes() ? this : copy(true, retryable, details);
    }

    Failure permanent() {
        return copy(outcomeUnknown, false, details);
    }

    Failure adding(String detail) {
        if (detail.isEmpty()) {
            return this;
        }
        List<String> more = new ArrayList<>(details);
        more.add(detail);
        return copy(outcomeUnknown, retryable, List.copyOf(more));
    }

    Failure gaveUp(int attempts, Duration elapsed) {
        return adding("Gave up after " + attempts + " attempts in " + spoken(elapsed) + ".");
    }

    String message() {
        StringBuilder message = new StringBuilder(headline);
        details.forEach(detail -> message.append("\n  ").append(detail));
        if (outcomeUnknown) {
            message.append("\n  ").append(DOUBT);
        }
        return message.toString();
    }

    private static String spoken(Duration duration) {
        Duration rounded = Duration.ofMillis(duration.toMillis());
        if (rounded.toSeconds() >= 10) {
            rounded = Duration.ofSeconds(rounded.toSeconds());
        }
        return rounded.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }

    private Failure copy(boolean outcomeUnknown, boolean retryable, List<String> details) {
        return new Failure(kind, request, code, status, headline, why, retryAfter, outcomeUnknown, retryable, details);
    }
}
