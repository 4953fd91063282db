package io.github.milvusupgrade.k8s.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * What the API server itself tells of a rollout: every state of every Deployment, ReplicaSet and pod of the namespace,
 * in the order of its revisions. Timestamps would not do: they have whole seconds.
 */
public final class RolloutRecord implements AutoCloseable {

    private final List<Recording> recordings;
    private final Recording deployments;
    private final Recording replicaSets;
    private final Recording pods;

    public RolloutRecord(TestBed bed) {
        deployments = new Recording(bed.api(), "/apis/apps/v1/namespaces/" + bed.namespace() + "/deployments");
        replicaSets = new Recording(bed.api(), "/apis/apps/v1/namespaces/" + bed.namespace() + "/replicasets");
        pods = new Recording(bed.api(), "/api/v1/namespaces/" + bed.namespace() + "/pods");
        recordings = List.of(deployments, replicaSets, pods);
    }

    /** The components in the order in which the controller began to roll them to an image. */
    public List<String> orderOf(String image) {
        return births(image).stream().map(ClusterObjects::component).toList();
    }

    /** The components in the order in which the controller began to bring back pods with an image. */
    public List<String> orderOfReturnTo(String image) {
        catchUp();
        Set<String> returned = new LinkedHashSet<>();
        Set<String> empty = new HashSet<>();
        replicaSets
                .states()
                .filter(set -> ClusterObjects.milvusImage(set).equals(image))
                .forEach(set -> {
                    String uid = set.at("/metadata/uid").asText();
                    if (set.at("/spec/replicas").asInt() == 0) {
                        empty.add(uid);
                    } else if (empty.contains(uid)) {
                        returned.add(ClusterObjects.component(set));
                    }
                });
        return List.copyOf(returned);
    }

    /** The names of the Deployments in the order in which the controller began to roll them to an image. */
    public List<String> deploymentsInOrderOf(String image) {
        return births(image).stream()
                .map(set -> set.at("/metadata/ownerReferences/0/name").asText())
                .toList();
    }

    /** The revision at which the first ReplicaSet of a component with an image came to be. */
    public long begun(String component, String image) {
        return births(image).stream()
                .filter(set -> ClusterObjects.component(set).equals(component))
                .mapToLong(ClusterObjects::revision)
                .findFirst()
                .orElseThrow(() -> new AssertionError(component + " was never rolled to " + image));
    }

    /** The revision at which a Deployment first had all its pods on an image, available, and no other. */
    public long complete(String component, String image) {
        return deployments
                .statesOf(component)
                .filter(state -> ClusterObjects.milvusImage(state).equals(image))
                .filter(ClusterObjects::isSettled)
                .mapToLong(ClusterObjects::revision)
                .findFirst()
                .orElseThrow(() -> new AssertionError(component + " was never complete on " + image));
    }

    /** The revision at which the last pod of a component with an image was gone. */
    public long gone(String component, String image) {
        return pods.statesOf(component, "DELETED")
                .filter(pod -> ClusterObjects.milvusImage(pod).equals(image))
                .mapToLong(ClusterObjects::revision)
                .max()
                .orElseThrow(() -> new AssertionError("no pod of " + component + " on " + image + " went away"));
    }

    /** The revision at which the first pod of a component with an image was on its way out. */
    public long firstLeaving(String component, String image) {
        return pods.statesOf(component)
                .filter(pod -> ClusterObjects.milvusImage(pod).equals(image))
                .filter(pod -> !pod.at("/metadata/deletionTimestamp").isMissingNode())
                .mapToLong(ClusterObjects::revision)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no pod of " + component + " on " + image + " went away"));
    }

    /** The fewest pods of each Deployment that were available at any moment. */
    public Map<String, Integer> fewestAvailable() {
        Map<String, Integer> fewest = new TreeMap<>();
        deployments.states().forEach(state -> {
            boolean measured = state.at("/status/observedGeneration").asLong() > 0;
            if (measured) {
                fewest.merge(
                        state.at("/metadata/name").asText(),
                        state.at("/status/availableReplicas").asInt(),
                        Math::min);
            }
        });
        return fewest;
    }

    /** When this process was first told of a pod of a component in which a word stands. */
    public Instant toldOf(String component, String word) {
        pods.catchUp();
        return pods.events.stream()
                .filter(event -> ClusterObjects.component(event.object()).equals(component))
                .filter(event -> event.object().toString().contains(word))
                .map(Event::at)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no pod of " + component + " said " + word));
    }

    /** Every state in which a component's Deployment was seen to be. */
    public List<JsonNode> statesOf(String component) {
        return deployments.statesOf(component).toList();
    }

    private List<JsonNode> births(String image) {
        catchUp();
        return replicaSets
                .events("ADDED")
                .filter(set -> ClusterObjects.milvusImage(set).equals(image))
                .sorted(Comparator.comparingLong(ClusterObjects::revision))
                .toList();
    }

    private void catchUp() {
        recordings.forEach(Recording::catchUp);
    }

    @Override
    public void close() {
        recordings.forEach(Recording::close);
    }

    private record Event(Instant at, String type, JsonNode object) {}

    /** One watch, read to its end by a thread of its own. */
    private static final class Recording {

        private final JsonApi api;
        private final String path;
        private final JsonApi.Watch watch;
        private final List<JsonNode> known = new ArrayList<>();
        private final List<Event> events = new CopyOnWriteArrayList<>();
        private volatile boolean closed;

        Recording(JsonApi api, String path) {
            this.api = api;
            this.path = path;
            JsonNode list = api.read(path);
            list.path("items").forEach(known::add);
            this.watch = api.openWatch(
                    path,
                    "resourceVersion=" + list.at("/metadata/resourceVersion").asText());
            Thread reader = new Thread(this::read, "record of " + path);
            reader.setDaemon(true);
            reader.start();
        }

        /** What was there at the beginning and every state since. */
        Stream<JsonNode> states() {
            catchUp();
            return Stream.concat(known.stream(), events.stream().map(Event::object));
        }

        Stream<JsonNode> statesOf(String component) {
            return states().filter(state -> ClusterObjects.component(state).equals(component));
        }

        Stream<JsonNode> statesOf(String component, String type) {
            catchUp();
            return events(type)
                    .filter(object -> ClusterObjects.component(object).equals(component));
        }

        Stream<JsonNode> events(String type) {
            return events.stream()
                    .filter(event -> event.type().equals(type))
                    .map(Event::object)
                    .filter(object -> !ClusterObjects.component(object).isEmpty());
        }

        /** Waits until every object is known as it is now. */
        void catchUp() {
            if (closed) {
                return;
            }
            Awaitility.await("the record of " + path)
                    .pollDelay(Duration.ZERO)
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> {
                        Predicate<JsonNode> seen = item -> Stream.concat(
                                        known.stream(), events.stream().map(Event::object))
                                .anyMatch(state -> ClusterObjects.revision(state) == ClusterObjects.revision(item));
                        return api.items(path).stream().allMatch(seen);
                    });
        }

        void close() {
            closed = true;
            watch.cancel();
        }

        private void read() {
            try (watch) {
                JsonNode event = watch.next();
                while (event != null) {
                    events.add(new Event(Instant.now(), event.path("type").asText(), event.path("object")));
                    event = watch.next();
                }
            } catch (UncheckedIOException e) {
                if (!closed) {
                    throw e;
                }
            }
        }
    }
}
