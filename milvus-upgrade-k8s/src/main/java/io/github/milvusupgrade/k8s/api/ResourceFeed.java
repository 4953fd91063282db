package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a set of objects: one list at the start, then a watch that one daemon thread keeps alive until
 * {@link #close()}.
 *
 * <p>The first list is complete before the feed exists, so what a feed does not show is not there. A watch alone could
 * not say that: it never tells when it has sent all that exists. A watch that ends is continued from where it was, one
 * that is too old is begun with a new list, one that breaks is tried again and again.
 *
 * <p>A watch can die without a sign. Whoever waits for something therefore calls {@link #refreshIfSilent} in the loop:
 * nothing stays hidden for longer than {@link KubeApiOptions#pollInterval()}.
 *
 * <p>Made by {@link KubeApi#follow}. Safe for many threads.
 */
public final class ResourceFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KubeApi.class);

    private final KubeApi api;
    private final Selection selection;
    private final ChangeSignal signal;
    private final KubeApiOptions options;
    private final Retries retries;
    private final Object lock = new Object();

    private Map<String, ObjectNode> objects = new TreeMap<>();
    /** From where to watch; empty if that is too old and a list must come first. */
    private String resourceVersion = "";

    private long changes;
    private long heardAt;
    private boolean closed;
    private @Nullable Thread follower;
    private @Nullable WatchStream stream;
    private @Nullable RuntimeException failure;
    /** Of the follower alone: watches since the last event. */
    private int unheard;

    ResourceFeed(KubeApi api, Selection selection, ChangeSignal signal, KubeApiOptions options, Retries retries) {
        this.api = api;
        this.selection = selection;
        this.signal = signal;
        this.options = options;
        this.retries = retries;
    }

    ResourceFeed startFrom(ObjectList list) {
        synchronized (lock) {
            take(list);
            follower = new Thread(this::follow, "milvus-upgrade watch " + selection);
            follower.setDaemon(true);
            follower.start();
        }
        return this;
    }

    /**
     * The objects as they are known now, by name, in the order of the names: a copy that does not change.
     *
     * @throws KubeApiException if the feed ended because the watch is refused for good
     */
    public Map<String, ObjectNode> objects() {
        synchronized (lock) {
            ensureAlive();
            return Collections.unmodifiableMap(new TreeMap<>(objects));
        }
    }

    /** The same as views, such as {@code feed.map(PodView::new)}. */
    public <V> List<V> map(Function<? super JsonNode, ? extends V> view) {
        return objects().values().stream().<V>map(view).toList();
    }

    /** Whether the watch was refused for good, so that nothing more will be heard. */
    public boolean hasEnded() {
        synchronized (lock) {
            return failure != null;
        }
    }

    /** How long ago the API server last said anything about these objects. */
    public Duration silence() {
        synchronized (lock) {
            return Duration.ofNanos(options.time().nanos() - heardAt);
        }
    }

    /** {@linkplain #refresh Refreshes} if there was silence for the poll interval. */
    public void refreshIfSilent(Deadline deadline) {
        if (silence().compareTo(options.pollInterval()) >= 0) {
            refresh(deadline);
        }
    }

    /**
     * Compares with a list from the quorum, which the calling thread asks for. If the watch missed something, the list
     * takes the place of what was known, and the watch is begun again.
     *
     * @throws KubeApiException if the API server could not be asked until the deadline, or the feed has ended
     */
    public boolean refresh(Deadline deadline) {
        long before;
        synchronized (lock) {
            ensureAlive();
            before = changes;
        }
        ObjectList list = api.within(deadline).list(selection);
        synchronized (lock) {
            if (changes != before) {
                // The watch spoke meanwhile, so it lives, and may know more than the list does.
                return false;
            }
            heardAt = options.time().nanos();
            boolean missed = !versions(list.items()).equals(versions(objects.values()));
            if (missed || resourceVersion.isEmpty()) {
                LOG.info("Beginning the watch of {} again{}.", selection, missed ? ": it missed a change" : "");
                take(list);
                hangUp();
            }
            return !missed;
        }
    }

    /** Ends the watch and its thread, without waiting for it. What was known stays readable. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            hangUp();
            if (follower != null) {
                follower.interrupt();
            }
        }
    }

    private void follow() {
        try {
            while (!isClosed()) {
                unheard++;
                options.time().sleep(listen());
            }
        } catch (InterruptedException e) {
            // Only close() interrupts this thread: it has nothing left to do.
            LOG.debug("The watch of {} was closed.", selection);
        } catch (RuntimeException e) {
            end(e);
        }
    }

    /** Follows one watch to its end, and tells how long to wait before the next. */
    private Duration listen() {
        try {
            if (mustList()) {
                refresh(Deadline.after(options.callBudget(), options.time()));
            }
            try (WatchStream current = dial()) {
                Optional<WatchEvent> event = current.next();
                while (event.isPresent()) {
                    apply(event.get(), current);
                    event = current.next();
                }
            }
        } catch (KubeApiException e) {
            if (e.is(Kind.GONE)) {
                forgetPlace();
            } else if (!e.failure().retryable() || unheard >= e.failure().mostAttempts()) {
                throw e;
            } else {
                LOG.info(
                        "The watch of {} broke ({} in a row): {}",
                        selection,
                        unheard,
                        e.failure().headline());
                return retries.pauseAfter(e, Math.max(1, unheard));
            }
        }
        return unheard <= 1 ? Duration.ZERO : retries.pauseAfter(unheard - 1);
    }

    private WatchStream dial() {
        synchronized (lock) {
            WatchStream next = api.watch(selection, resourceVersion);
            stream = next;
            if (closed) {
                next.close();
            }
            return next;
        }
    }

    private void apply(WatchEvent event, WatchStream source) {
        ObjectNode object = event.object();
        String name = object.path("metadata").path("name").asText("");
        synchronized (lock) {
            if (stream != source) {
                // A list has replaced what this watch knew.
                return;
            }
            unheard = 0;
            heardAt = options.time().nanos();
            resourceVersion = object.path("metadata").path("resourceVersion").asText(resourceVersion);
            ObjectNode known = objects.get(name);
            boolean changed = switch (event.type()) {
                case BOOKMARK -> false;
                case ADDED, MODIFIED -> {
                    objects.put(name, object);
                    yield known == null || !version(known).equals(version(object));
                }
                case DELETED -> known != null && sameUid(known, object) && objects.remove(name) != null;
            };
            if (changed) {
                changes++;
                signal.raise();
            }
        }
    }

    private void take(ObjectList list) {
        Map<String, ObjectNode> found = new TreeMap<>();
        list.items()
                .forEach(item -> found.put(item.path("metadata").path("name").asText(""), item));
        objects = found;
        resourceVersion = list.resourceVersion();
        heardAt = options.time().nanos();
        changes++;
        signal.raise();
    }

    private void hangUp() {
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }

    private void end(RuntimeException cause) {
        synchronized (lock) {
            if (!closed) {
                LOG.warn("The watch of {} has ended for good: {}", selection, cause.getMessage());
                failure = cause;
                signal.raise();
            }
        }
    }

    private void ensureAlive() {
        if (failure != null) {
            throw failure;
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private boolean mustList() {
        synchronized (lock) {
            return resourceVersion.isEmpty();
        }
    }

    private void forgetPlace() {
        synchronized (lock) {
            resourceVersion = "";
        }
    }

    private static Set<String> versions(Collection<ObjectNode> objects) {
        return objects.stream().map(ResourceFeed::version).collect(Collectors.toSet());
    }

    /** Tells two states of objects apart; a list leaves out fields that a watch sends, so the JSON would not do. */
    private static String version(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        return metadata.path("uid").asText("") + "@"
                + metadata.path("resourceVersion").asText("");
    }

    private static boolean sameUid(ObjectNode known, ObjectNode object) {
        return known.path("metadata").path("uid").equals(object.path("metadata").path("uid"));
    }
}
