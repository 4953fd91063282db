package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import io.kubernetes.client.openapi.ApiClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Talks to one Kubernetes API server, with the caller's own {@code ApiClient}.
 *
 * <p>Every call blocks, is tried again where that can help, and ends at the latest at its deadline: the one given by
 * {@link #within}, or else {@link KubeApiOptions#callBudget()}. A thread that is interrupted leaves at once if it waits
 * for a retry, and with the end of the request if one is under way. Objects are JSON, with every field the server sent.
 *
 * <p>Immutable and safe for many threads. All methods throw {@link KubeApiException}.
 */
public final class KubeApi {

    /** Who the API server remembers as the writer of what this library writes. */
    public static final String FIELD_MANAGER = "milvus-upgrade";

    private static final String PAGE = "500";

    private final Transport transport;
    private final Retries retries;
    private final RequestLog log;
    private final KubeApiOptions options;
    private final @Nullable Deadline deadline;

    private KubeApi(
            Transport transport, Retries retries, RequestLog log, KubeApiOptions options, @Nullable Deadline deadline) {
        this.transport = transport;
        this.retries = retries;
        this.log = log;
        this.options = options;
        this.deadline = deadline;
    }

    /** Makes a gateway over the caller's client, which is used as it is now and never changed. */
    public static KubeApi over(ApiClient client, KubeApiOptions options) {
        RequestLog log = new RequestLog();
        return new KubeApi(new Transport(client, options, log), new Retries(options, log), log, options, null);
    }

    /** The same gateway, where every call ends at the deadline instead of after the usual budget. */
    public KubeApi within(Deadline otherDeadline) {
        return new KubeApi(transport, retries, log, options, otherDeadline);
    }

    /** The same gateway, where all calls together end after the duration from now. */
    public KubeApi within(Duration duration) {
        return within(Deadline.after(duration, options.time()));
    }

    /** The API server as scheme, host and port. */
    public String server() {
        return transport.host();
    }

    /** What was sent so far, by this gateway and those made from it with {@link #within}. */
    public RequestCounts requests() {
        return log.counts();
    }

    /** Reads an object that must be there. */
    public ObjectNode get(ObjectRef ref) {
        return read(ApiRequest.about(Verb.GET, ref));
    }

    /** Reads an object that may be missing. Empty only if Kubernetes itself says that there is none. */
    public Optional<ObjectNode> find(ObjectRef ref) {
        try {
            return Optional.of(get(ref));
        } catch (KubeApiException e) {
            if (e.is(Kind.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Reads all objects of a selection, from the quorum and not from a cache of the server. */
    public ObjectList list(Selection selection) {
        ApiRequest request = ApiRequest.about(Verb.LIST, selection);
        Deadline until = deadline();
        try {
            return pages(request.with("limit", PAGE), until);
        } catch (KubeApiException e) {
            if (e.is(Kind.GONE)) {
                // The server forgot the first page while later ones were read: take all at once.
                return pages(request, until);
            }
            throw e;
        }
    }

    private ObjectList pages(ApiRequest request, Deadline until) {
        List<ObjectNode> items = new ArrayList<>();
        ObjectNode page = read(request, until);
        collect(page, items);
        for (String next = continueOf(page); !next.isEmpty(); next = continueOf(page)) {
            page = read(request.with("continue", next), until);
            collect(page, items);
        }
        return new ObjectList(
                items, page.path("metadata").path("resourceVersion").asText(""));
    }

    private static void collect(ObjectNode page, List<ObjectNode> items) {
        for (JsonNode item : page.path("items")) {
            if (item instanceof ObjectNode object) {
                items.add(object);
            }
        }
    }

    private static String continueOf(ObjectNode page) {
        return page.path("metadata").path("continue").asText("");
    }

    /**
     * Creates an object.
     *
     * @param ours tells our object from somebody else's of the same name, by a label or annotation that only this run
     *     writes; asked only if an answer was lost
     * @return the object as created
     * @throws KubeApiException {@link Kind#ALREADY_EXISTS} if the name is taken, also by an earlier call of ours
     */
    public ObjectNode create(ObjectRef ref, ObjectNode object, Predicate<ObjectNode> ours) {
        ApiRequest request = ApiRequest.about(Verb.CREATE, ref)
                .at(ref.resource().path(ref.namespace()))
                .with("fieldManager", FIELD_MANAGER)
                .sending(object, "application/json");
        return write(request, ref, ours);
    }

    /**
     * Replaces an object, which should carry the {@code resourceVersion} that it was read with.
     *
     * @param alreadyThere whether an object already is what this write makes of it; asked only if an answer was lost
     * @return the object as replaced
     * @throws KubeApiException {@link Kind#CONFLICT} if somebody else changed it in between
     */
    public ObjectNode replace(ObjectRef ref, ObjectNode object, Predicate<ObjectNode> alreadyThere) {
        ApiRequest request = ApiRequest.about(Verb.UPDATE, ref)
                .with("fieldManager", FIELD_MANAGER)
                .sending(object, "application/json");
        return write(request, ref, alreadyThere);
    }

    /**
     * Patches an object.
     *
     * @param alreadyThere whether an object already is what this patch makes of it; asked only if an answer was lost.
     *     Compare only what the patch sets: webhooks may add to the rest
     * @return the object as patched
     * @throws KubeApiException {@link Kind#CONFLICT} if the patch is conditional and somebody else was faster;
     *     {@link KubeApiException#outcomeUnknown()} if it could not be found out whether it was applied
     */
    public ObjectNode patch(ObjectRef ref, Patch patch, Predicate<ObjectNode> alreadyThere) {
        return write(patching(ref, patch), ref, alreadyThere);
    }

    /** Lets the server, with its admission webhooks and quotas, say what it would make of a new object. */
    public ObjectNode dryRun(ObjectRef ref, ObjectNode object) {
        ApiRequest request = ApiRequest.about(Verb.CREATE, ref)
                .at(ref.resource().path(ref.namespace()))
                .with("fieldManager", FIELD_MANAGER)
                .with("dryRun", "All")
                .sending(object, "application/json");
        return read(request);
    }

    /** Lets the server, with its admission webhooks, say what a patch would make of the object. Changes nothing. */
    public ObjectNode dryRun(ObjectRef ref, Patch patch) {
        return read(patching(ref, patch).with("dryRun", "All"));
    }

    private static ApiRequest patching(ObjectRef ref, Patch patch) {
        return ApiRequest.about(Verb.PATCH, ref)
                .with("fieldManager", FIELD_MANAGER)
                .sending(patch.body(), patch.contentType());
    }

    /**
     * Asks for the deletion of exactly the object with this uid. Deletion takes its time: the object may be there for
     * as long as its grace period and finalizers last.
     *
     * @return whether it was there
     * @throws KubeApiException {@link Kind#CONFLICT} if the name belongs to another object by now
     */
    public boolean delete(ObjectRef ref, String uid) {
        return delete(ref, deletion(uid));
    }

    /** The same for a pod whose processes get so long to end, whatever it says itself. */
    public boolean delete(ObjectRef pod, String uid, Duration grace) {
        return delete(pod, deletion(uid).put("gracePeriodSeconds", grace.toSeconds()));
    }

    private static ObjectNode deletion(String uid) {
        ObjectNode options = object("v1", "DeleteOptions");
        options.putObject("preconditions").put("uid", uid);
        return options;
    }

    private boolean delete(ObjectRef ref, ObjectNode options) {
        ApiRequest request = ApiRequest.about(Verb.DELETE, ref).sending(options, "application/json");
        Deadline until = deadline();
        AtomicBoolean maybeDeleted = new AtomicBoolean();
        return retries.run(request, until, () -> {
            try {
                transport.send(request, patience(until));
                return true;
            } catch (KubeApiException e) {
                if (e.is(Kind.NOT_FOUND)) {
                    return maybeDeleted.get();
                }
                if (e.outcomeUnknown()) {
                    maybeDeleted.set(true);
                }
                throw e;
            }
        });
    }

    /**
     * Prepares a watch: one request, never retried.
     *
     * @param resourceVersion from where to go on, as a list or an earlier event said
     */
    public WatchStream watch(Selection selection, String resourceVersion) {
        ApiRequest request = ApiRequest.about(Verb.WATCH, selection)
                .with("watch", "true")
                .with("allowWatchBookmarks", "true")
                .with("timeoutSeconds", Long.toString(options.watchWindow().toSeconds()))
                .with("resourceVersion", resourceVersion);
        return new WatchStream(transport, request);
    }

    /**
     * Follows a selection until the feed is closed.
     *
     * @param signal raised with each change; feeds that are waited for together share one
     * @return the feed, which already knows all that is there
     */
    public ResourceFeed follow(Selection selection, ChangeSignal signal) {
        return follow(selection, signal, list(selection));
    }

    /** Follows a set of objects from a state that is known already, which saves the list. */
    public ResourceFeed follow(Selection selection, ChangeSignal signal, ObjectList found) {
        // The feed outlives this call, and so must not end at its deadline.
        KubeApi unbounded = new KubeApi(transport, retries, log, options, null);
        return new ResourceFeed(unbounded, selection, signal, options, retries).startFrom(found);
    }

    /** Reads a part of a container's log. The text is what the container wrote: it may hold anything. */
    public String log(ObjectRef pod, LogQuery query) {
        ApiRequest request = ApiRequest.part(pod, "log")
                .with("container", query.container())
                .with("previous", query.previous() ? "true" : "")
                .with("tailLines", Integer.toString(query.tailLines()))
                .with("limitBytes", Integer.toString(query.limitBytes()))
                .withHeader("Accept", "*/*");
        Deadline until = deadline();
        return retries.run(
                request, until, () -> transport.send(request, patience(until)).text());
    }

    /**
     * Asks a server inside a pod, through the API server: no network path to the pod is needed. Sent once, never
     * retried, because whoever asks a pod how it is asks again anyway.
     *
     * @param path the path at the pod, beginning with a slash
     * @param headers what to say to the pod
     * @return the pod's own answer, whatever its HTTP status
     * @throws KubeApiException if Kubernetes refused, or did not reach the pod ({@link Kind#UNAVAILABLE})
     */
    public Answer proxy(ObjectRef pod, int port, String path, Map<String, String> headers) {
        ApiRequest request = ApiRequest.part(pod, "proxy").at(pod.path() + ":" + port + "/proxy" + path);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            request = request.withHeader(header.getKey(), header.getValue());
        }
        return transport.relay(request.withHeader("Accept", "*/*"), patience(deadline()));
    }

    /**
     * Runs a program in a container that is running, and waits for its end. Sent once, never retried: whether the
     * program ran cannot be read back.
     *
     * @param reader makes something of the standard output
     * @throws KubeApiException if Kubernetes refused, the program could not be started, or the connection broke
     */
    public <T> CommandResult<T> run(PodCommand command, OutputReader<T> reader) {
        StringBuilder path = new StringBuilder(command.pod().path()).append("/exec?stdout=true&stderr=true&container=");
        path.append(URLEncoder.encode(command.container(), StandardCharsets.UTF_8));
        for (String word : command.words()) {
            path.append("&command=").append(URLEncoder.encode(word, StandardCharsets.UTF_8));
        }
        // A kubelet answers 406 to the client's own "application/json" before it starts anything.
        ApiRequest request =
                ApiRequest.part(command.pod(), "exec").at(path.toString()).withHeader("Accept", "*/*");
        return transport.run(request, deadline(), reader);
    }

    /** The version of the API server, as it tells it at {@code /version}, and its clock. */
    public ServerVersion version() {
        ApiRequest request = ApiRequest.about("/version");
        Deadline until = deadline();
        return retries.run(request, until, () -> {
            Reply reply = transport.send(request, patience(until));
            return ServerVersion.of(transport.object(request, reply.text()), reply.date());
        });
    }

    /** The versions of API groups that the server serves, as objects carry them: {@code v1}, {@code apps/v1}. */
    public Set<String> servedApis() {
        Set<String> served = new TreeSet<>();
        read(ApiRequest.about("/api")).path("versions").forEach(version -> served.add(version.asText()));
        for (JsonNode group : read(ApiRequest.about("/apis")).path("groups")) {
            group.path("versions")
                    .forEach(version -> served.add(version.path("groupVersion").asText()));
        }
        return served;
    }

    /** Asks whether the account of this client may do something. */
    public Access access(Access.Question question) {
        ObjectNode review = object("authorization.k8s.io/v1", "SelfSubjectAccessReview");
        review.putObject("spec")
                .putObject("resourceAttributes")
                .put("verb", question.verb().toString())
                .put("group", question.resource().group())
                .put("resource", question.resource().plural())
                .put("subresource", question.subresource())
                .put("namespace", question.namespace());
        Resource reviews = new Resource("authorization.k8s.io", "v1", "selfsubjectaccessreviews");
        ApiRequest request =
                ApiRequest.about(Verb.CREATE, Selection.all(reviews, "")).sending(review, "application/json");
        JsonNode status = read(request).path("status");
        return new Access(
                status.path("allowed").asBoolean(false), status.path("reason").asText(""));
    }

    private ObjectNode read(ApiRequest request) {
        return read(request, deadline());
    }

    private ObjectNode read(ApiRequest request, Deadline until) {
        return retries.run(request, until, () -> transport.sendForObject(request, patience(until)));
    }

    private ObjectNode write(ApiRequest request, ObjectRef ref, Predicate<ObjectNode> alreadyThere) {
        Deadline until = deadline();
        return retries.run(
                request,
                until,
                new Write(
                        request,
                        () -> transport.sendForObject(request, patience(until)),
                        () -> within(until).find(ref),
                        alreadyThere));
    }

    private Deadline deadline() {
        return deadline == null ? Deadline.after(options.callBudget(), options.time()) : deadline;
    }

    private Duration patience(Deadline until) {
        // Never zero: that would mean without end.
        return Deadline.shorter(until.remaining().plusMillis(1), options.callTimeout());
    }

    private static ObjectNode object(String apiVersion, String kind) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", apiVersion)
                .put("kind", kind);
    }
}
