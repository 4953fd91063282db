package io.github.milvusupgrade.k8s.rehearsal;

import java.time.Duration;
import java.util.Locale;

/**
 * Something that goes wrong between the client and the API server, to be given to
 * {@link RehearsalCluster#inject(ApiFault)}. Made by a factory that says what happens, then narrowed to the requests
 * that it happens to:
 *
 * <pre>{@code
 * ApiFault.answerLost().on("patch", "deployments").named("my-release-milvus-querynode")
 * }</pre>
 *
 * <p>Happens once, to the first matching request, unless {@link #times}, {@link #always} or {@link #fromRequest} say
 * otherwise; {@link #forbidden} happens always. Immutable.
 */
public final class ApiFault {

    /** What the server does instead of answering. */
    enum Effect {
        NONE,
        FAILURE,
        DELAY,
        REQUEST_LOST,
        ANSWER_LOST,
        WATCH_ENDS,
        WATCH_EXPIRES,
        WATCH_SILENT
    }

    private final Effect effect;
    private final int code;
    private final Duration duration;
    private final String verb;
    private final String resource;
    private final String namespace;
    private final String name;
    private final int first;
    private final int times;

    private ApiFault(
            Effect effect,
            int code,
            Duration duration,
            String verb,
            String resource,
            String namespace,
            String name,
            int first,
            int times) {
        this.effect = effect;
        this.code = code;
        this.duration = duration;
        this.verb = verb;
        this.resource = resource;
        this.namespace = namespace;
        this.name = name;
        this.first = first;
        this.times = times;
    }

    private static ApiFault of(Effect effect, int code, Duration duration, int times) {
        return new ApiFault(effect, code, duration, "*", "*", "*", "*", 1, times);
    }

    /** The server is busy: 429 with a {@code Retry-After} of this many whole seconds. */
    public static ApiFault tooManyRequests(Duration retryAfter) {
        return of(Effect.FAILURE, 429, retryAfter, 1);
    }

    /** 500 InternalError; the request is not carried out. */
    public static ApiFault internalError() {
        return of(Effect.FAILURE, 500, Duration.ZERO, 1);
    }

    /** 503 ServiceUnavailable; the request is not carried out. */
    public static ApiFault unavailable() {
        return of(Effect.FAILURE, 503, Duration.ZERO, 1);
    }

    /** 409 Conflict, as if somebody else had changed the object in between. */
    public static ApiFault conflict() {
        return of(Effect.FAILURE, 409, Duration.ZERO, 1);
    }

    /** 401 Unauthorized. */
    public static ApiFault unauthorized() {
        return of(Effect.FAILURE, 401, Duration.ZERO, 1);
    }

    /** 403 Forbidden, always; a {@code SelfSubjectAccessReview} about it answers "not allowed". */
    public static ApiFault forbidden() {
        return of(Effect.FAILURE, 403, Duration.ZERO, Integer.MAX_VALUE);
    }

    /** The connection ends before the request is carried out; the client cannot know. */
    public static ApiFault requestLost() {
        return of(Effect.REQUEST_LOST, 0, Duration.ZERO, 1);
    }

    /** The request is carried out, then the connection ends without an answer; the client cannot know. */
    public static ApiFault answerLost() {
        return of(Effect.ANSWER_LOST, 0, Duration.ZERO, 1);
    }

    /** The answer comes late by this much real time. */
    public static ApiFault slow(Duration delay) {
        return of(Effect.DELAY, 0, delay, 1);
    }

    /** A watch is accepted and ends at once. */
    public static ApiFault watchEnds() {
        return of(Effect.WATCH_ENDS, 0, Duration.ZERO, 1);
    }

    /** A watch is accepted and reports an {@code ERROR} with 410: its resource version is too old. */
    public static ApiFault watchExpires() {
        return of(Effect.WATCH_EXPIRES, 0, Duration.ZERO, 1);
    }

    /** A watch is accepted, stays open and never reports anything, as behind a broken proxy. */
    public static ApiFault watchGoesSilent() {
        return of(Effect.WATCH_SILENT, 0, Duration.ZERO, 1);
    }

    /**
     * Only for requests of this verb ({@code get}, {@code list}, {@code watch}, {@code create}, {@code update},
     * {@code patch}, {@code delete} or {@code *}) and resource ({@code deployments}, {@code deployments/scale} or
     * {@code *}).
     */
    public ApiFault on(String verb, String resource) {
        return new ApiFault(effect, code, duration, verb, resource, namespace, name, first, times);
    }

    /** Only for the object of this name. */
    public ApiFault named(String name) {
        return new ApiFault(effect, code, duration, verb, resource, namespace, name, first, times);
    }

    /** Only in this namespace. */
    public ApiFault in(String namespace) {
        return new ApiFault(effect, code, duration, verb, resource, namespace, name, first, times);
    }

    /** From the n-th matching request on, counted from 1 at injection. */
    public ApiFault fromRequest(int n) {
        return new ApiFault(effect, code, duration, verb, resource, namespace, name, n, times);
    }

    /** For so many matching requests in a row. */
    public ApiFault times(int times) {
        return new ApiFault(effect, code, duration, verb, resource, namespace, name, first, times);
    }

    /** Until it is cleared. */
    public ApiFault always() {
        return times(Integer.MAX_VALUE);
    }

    Effect effect() {
        return effect;
    }

    /** How long the server hesitates before it does anything. */
    Duration delay() {
        return effect == Effect.DELAY ? duration : Duration.ZERO;
    }

    boolean isForbidden() {
        return code == 403;
    }

    /** Whether the n-th matching request is hit. */
    boolean hits(int n) {
        return n >= first && n - first < times;
    }

    boolean matches(String verb, String resource, String namespace, String name) {
        return matches(this.verb, verb)
                && matches(this.resource, resource)
                && matches(this.namespace, namespace)
                && matches(this.name, name)
                && (effect.compareTo(Effect.WATCH_ENDS) < 0 || verb.equals("watch"));
    }

    ApiFailure failure(ApiRequest request) {
        Target target = request.target();
        return switch (code) {
            case 401 -> ApiFailure.of(401, "Unauthorized", "Unauthorized");
            case 429 -> ApiFailure.tooManyRequests((int) duration.toSeconds());
            case 503 ->
                ApiFailure.of(503, "ServiceUnavailable", "the server is currently unable to handle the request");
            case 409 ->
                target == null ? ApiFailure.noSuchResource() : ApiFailure.modified(target.type(), target.name());
            case 403 -> target == null ? ApiFailure.noSuchResource() : denied(request, target);
            default -> ApiFailure.of(500, "InternalError", "Internal error occurred: rehearsed fault");
        };
    }

    private static ApiFailure denied(ApiRequest request, Target target) {
        return ApiFailure.forbidden(
                target.type(),
                target.name(),
                "User \"rehearsal\" cannot " + request.verb() + " resource \"" + target.resource()
                        + "\" in API group \"" + target.type().group() + "\""
                        + (target.namespace().isEmpty()
                                ? " at the cluster scope"
                                : " in the namespace \"" + target.namespace() + "\""));
    }

    private static boolean matches(String wanted, String found) {
        return wanted.equals("*") || wanted.equals(found);
    }

    @Override
    public String toString() {
        return effect.name().toLowerCase(Locale.ROOT) + (code == 0 ? "" : " " + code) + " on " + verb + " " + resource
                + " " + namespace + "/" + name;
    }
}
