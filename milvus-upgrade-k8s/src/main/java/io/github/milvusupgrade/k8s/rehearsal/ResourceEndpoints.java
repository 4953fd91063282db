package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Turns a request into an answer: objects, their subresources, and what describes the API itself. */
final class ResourceEndpoints {

    private final ObjectStore store;
    private final ObjectVerbs objects;
    private final Removal removal;
    private final PodConnections pods;
    private final PodCommands commands;
    private final ApiFaults faults;

    ResourceEndpoints(
            ObjectStore store,
            ObjectVerbs objects,
            Removal removal,
            PodConnections pods,
            PodCommands commands,
            ApiFaults faults) {
        this.store = store;
        this.objects = objects;
        this.removal = removal;
        this.pods = pods;
        this.commands = commands;
        this.faults = faults;
    }

    Answer execute(ApiRequest request) {
        Target target = request.target();
        if (target == null) {
            return AccessReview.isAsked(request)
                    ? AccessReview.answer(request, faults)
                    : Discovery.answer(request.path());
        }
        return switch (target.subresource()) {
            case "" -> target.name().isEmpty() ? onCollection(request, target) : onObject(request, target);
            case "status" -> onStatus(request, target);
            case "scale" -> onScale(request, target);
            case "log" -> pods.log(objects.get(target.key()), request);
            case "exec" -> {
                commands.validate(request, target);
                throw ApiFailure.badRequest("Upgrade request required");
            }
            case "proxy" -> pods.proxy(target, request);
            default -> throw ApiFailure.noSuchResource();
        };
    }

    private Answer onCollection(ApiRequest request, Target target) {
        return switch (request.method()) {
            case "GET" -> Answer.ok(Listing.of(store, request, target));
            case "POST" ->
                Answer.of(201, objects.create(target.type(), target.namespace(), request.object(), request.isDryRun()));
            case "DELETE" -> deleteAll(request, target);
            default -> throw methodNotAllowed();
        };
    }

    private Answer onObject(ApiRequest request, Target target) {
        return switch (request.method()) {
            case "GET" -> Answer.ok(objects.get(target.key()));
            case "PUT" -> put(request, target);
            case "PATCH" -> patch(request, target);
            case "DELETE" -> delete(request, target);
            default -> throw methodNotAllowed();
        };
    }

    private Answer onStatus(ApiRequest request, Target target) {
        if (!target.type().hasStatus()) {
            throw ApiFailure.noSuchResource();
        }
        synchronized (store) {
            return switch (request.method()) {
                case "GET" -> Answer.ok(objects.get(target.key()));
                case "PUT" -> Answer.ok(objects.updateStatus(target.key(), request.object(), request.isDryRun()));
                case "PATCH" ->
                    Answer.ok(objects.updateStatus(
                            target.key(),
                            Patches.apply(request, target.type(), objects.get(target.key())),
                            request.isDryRun()));
                default -> throw methodNotAllowed();
            };
        }
    }

    private Answer onScale(ApiRequest request, Target target) {
        if (!target.type().hasScale()) {
            throw ApiFailure.noSuchResource();
        }
        synchronized (store) {
            ObjectNode object = objects.get(target.key());
            ObjectNode scale = switch (request.method()) {
                case "GET" -> Scale.of(object);
                case "PUT" -> request.object();
                case "PATCH" -> Patches.apply(request, target.type(), Scale.of(object));
                default -> throw methodNotAllowed();
            };
            return Answer.ok(
                    request.method().equals("GET")
                            ? scale
                            : Scale.of(objects.update(
                                    target.key(), Scale.applied(scale, target, object), request.isDryRun())));
        }
    }

    private Answer put(ApiRequest request, Target target) {
        synchronized (store) {
            boolean createsByPut = target.type() == ResourceType.LEASES || target.type() == ResourceType.EVENTS;
            if (createsByPut && store.find(target.key()) == null) {
                return Answer.of(201, objects.createByUpdate(target.key(), request.object(), request.isDryRun()));
            }
            return Answer.ok(objects.update(target.key(), request.object(), request.isDryRun()));
        }
    }

    private Answer patch(ApiRequest request, Target target) {
        synchronized (store) {
            ObjectNode before = store.find(target.key());
            boolean apply = request.contentType().equals(Patches.APPLY);
            if (apply && request.query("fieldManager").isEmpty()) {
                throw ApiFailure.of(
                        422,
                        "Invalid",
                        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply"
                                + " patch");
            }
            if (before == null && apply) {
                ObjectNode created = request.object();
                Json.child(created, "metadata").put("name", target.name());
                return Answer.of(201, objects.create(target.type(), target.namespace(), created, request.isDryRun()));
            }
            ObjectNode patched = Patches.apply(request, target.type(), objects.get(target.key()));
            return Answer.ok(objects.update(target.key(), patched, request.isDryRun()));
        }
    }

    private Answer delete(ApiRequest request, Target target) {
        synchronized (store) {
            ObjectNode object = objects.get(target.key());
            JsonNode options = request.json();
            checkPreconditions(target, object, options.path("preconditions"));
            if (request.isDryRun()) {
                return Answer.ok(object);
            }
            ObjectNode last =
                    removal.delete(target.key(), object, grace(request, options), propagation(request, options));
            boolean stays = store.find(target.key()) != null;
            return Answer.ok(stays || target.type() == ResourceType.PODS ? last : success(target, object));
        }
    }

    private Answer deleteAll(ApiRequest request, Target target) {
        synchronized (store) {
            ObjectNode list = Listing.of(store, request, target);
            JsonNode options = request.json();
            for (JsonNode item : list.path("items")) {
                ObjectKey key = ObjectKey.of(target.type(), item);
                if (!request.isDryRun()) {
                    removal.delete(key, objects.get(key), grace(request, options), propagation(request, options));
                }
            }
            return Answer.ok(list);
        }
    }

    private static void checkPreconditions(Target target, JsonNode object, JsonNode preconditions) {
        String uid = preconditions.path("uid").asText();
        if (!uid.isEmpty() && !uid.equals(ObjectStore.uid(object))) {
            throw unmet(target, "UID", uid, ObjectStore.uid(object), "deleted and then recreated");
        }
        String version = preconditions.path("resourceVersion").asText();
        String found = object.path("metadata").path("resourceVersion").asText();
        if (!version.isEmpty() && !version.equals(found)) {
            throw unmet(target, "ResourceVersion", version, found, "modified");
        }
    }

    private static ApiFailure unmet(Target target, String what, String wanted, String found, String guess) {
        return ApiFailure.precondition(
                target.type(),
                target.name(),
                "the " + what + " in the precondition (" + wanted + ") does not match the " + what + " in record ("
                        + found + "). The object might have been " + guess);
    }

    private static int grace(ApiRequest request, JsonNode options) {
        return options.path("gracePeriodSeconds").asInt(request.number("gracePeriodSeconds", -1));
    }

    private static Removal.Propagation propagation(ApiRequest request, JsonNode options) {
        return switch (options.path("propagationPolicy").asText(request.query("propagationPolicy"))) {
            case "Foreground" -> Removal.Propagation.FOREGROUND;
            case "Orphan" -> Removal.Propagation.ORPHAN;
            default -> Removal.Propagation.BACKGROUND;
        };
    }

    private static ObjectNode success(Target target, JsonNode object) {
        String group = target.type().group();
        ObjectNode details = Json.object("name", target.name(), "group", group.isEmpty() ? null : group);
        details.put("kind", target.type().plural());
        details.put("uid", ObjectStore.uid(object));
        ObjectNode status = Json.object("kind", "Status", "apiVersion", "v1", "metadata", Json.object());
        status.put("status", "Success");
        status.set("details", details);
        return status;
    }

    private static ApiFailure methodNotAllowed() {
        return ApiFailure.of(
                405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }
}
