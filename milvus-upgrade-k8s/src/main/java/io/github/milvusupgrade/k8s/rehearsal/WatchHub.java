package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Passes every change on to the watches that it concerns. */
final class WatchHub {

    private final ObjectStore store;
    private final Set<WatchStream> streams = ConcurrentHashMap.newKeySet();

    WatchHub(ObjectStore store) {
        this.store = store;
        store.observe(change -> streams.forEach(stream -> stream.offer(change)));
    }

    /**
     * Opens a watch: from a resource version on, or, without one or if asked for, with everything there is as
     * {@code ADDED} first. The caller closes it.
     */
    WatchStream open(ApiRequest request) {
        Target target = Objects.requireNonNull(request.target());
        Predicate<JsonNode> wanted = LabelSelector.parse(request.query("labelSelector"))
                .and(FieldSelector.parse(target.type(), request.query("fieldSelector")));
        String from = request.query("resourceVersion");
        synchronized (store) {
            WatchStream stream = new WatchStream(
                    target,
                    wanted,
                    request.number("timeoutSeconds", WatchStream.DEFAULT_TIMEOUT_SECONDS),
                    request.isTrue("allowWatchBookmarks"),
                    store.revision(),
                    streams::remove);
            boolean listing = request.isTrue("sendInitialEvents");
            if (listing || from.isEmpty() || from.equals("0")) {
                for (ObjectNode object : store.list(target.type(), target.namespace())) {
                    ObjectKey key = ObjectKey.of(target.type(), object);
                    stream.offer(new Change(key, store.revision(), null, object, object));
                }
                if (listing) {
                    stream.endListing();
                }
            } else {
                replay(stream, from);
            }
            streams.add(stream);
            return stream;
        }
    }

    /** Ends every open watch, as an API server does that is restarted. */
    void endAll() {
        streams.forEach(WatchStream::end);
    }

    private void replay(WatchStream stream, String from) {
        if (!from.matches("\\d{1,18}")) {
            throw ApiFailure.badRequest("invalid resource version \"" + from + "\"");
        }
        List<Change> missed = store.since(Long.parseLong(from));
        if (missed == null) {
            stream.expire(Long.parseLong(from), store.revision());
        } else {
            missed.forEach(stream::offer);
        }
    }
}
