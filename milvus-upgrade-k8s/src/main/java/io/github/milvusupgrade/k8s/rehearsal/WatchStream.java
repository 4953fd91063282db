package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One open watch: one JSON object per line until the client leaves, its time is over or it is ended. */
final class WatchStream implements AutoCloseable {

    static final int DEFAULT_TIMEOUT_SECONDS = 1800;

    private static final ObjectNode END = Json.object("type", "END");

    private final Target target;
    private final Predicate<JsonNode> wanted;
    private final long deadline;
    private final boolean bookmarks;
    private final Consumer<WatchStream> onClose;
    private final BlockingQueue<ObjectNode> events = new LinkedBlockingQueue<>();
    private long seen;

    WatchStream(
            Target target,
            Predicate<JsonNode> wanted,
            int timeoutSeconds,
            boolean bookmarks,
            long revision,
            Consumer<WatchStream> onClose) {
        this.target = target;
        this.wanted = wanted;
        this.deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        this.bookmarks = bookmarks;
        this.seen = revision;
        this.onClose = onClose;
    }

    /** Takes a change in if it concerns this watch; never blocks. */
    synchronized void offer(Change change) {
        seen = change.revision();
        if (change.key().type() != target.type()
                || !(target.namespace().isEmpty()
                        || target.namespace().equals(change.key().namespace()))) {
            return;
        }
        boolean was = matches(change.before());
        boolean is = matches(change.after());
        if (was || is) {
            events.add(event(was ? is ? "MODIFIED" : "DELETED" : "ADDED", change.last()));
        }
    }

    /** Marks that what there was at the beginning has all been told. */
    synchronized void endListing() {
        if (bookmarks) {
            events.add(bookmark(Json.object("k8s.io/initial-events-end", "true")));
        }
    }

    /** Reports that the history this watch asks for is forgotten, and ends. */
    void expire(long asked, long oldest) {
        events.add(event("ERROR", ApiFailure.expired(asked, oldest).status()));
        end();
    }

    void end() {
        events.add(END);
    }

    /** Writes events until the end. */
    void run(OutputStream out, ApiFault.Effect effect) throws IOException, InterruptedException {
        if (effect == ApiFault.Effect.WATCH_EXPIRES) {
            send(out, event("ERROR", ApiFailure.expired(1, revision()).status()));
        }
        if (effect == ApiFault.Effect.WATCH_EXPIRES || effect == ApiFault.Effect.WATCH_ENDS) {
            return;
        }
        out.flush();
        ObjectNode event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        while (event != null && !event.equals(END)) {
            if (effect != ApiFault.Effect.WATCH_SILENT) {
                send(out, event);
            }
            event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        if (event == null && effect != ApiFault.Effect.WATCH_SILENT) {
            for (ObjectNode last : lastWords()) {
                send(out, last);
            }
        }
    }

    @Override
    public void close() {
        onClose.accept(this);
    }

    private boolean matches(@Nullable ObjectNode object) {
        return object != null && wanted.test(object);
    }

    private synchronized long revision() {
        return seen;
    }

    /** Events that came in at the last moment, and a bookmark that is sure to follow all of them. */
    private synchronized List<ObjectNode> lastWords() {
        List<ObjectNode> words = new ArrayList<>();
        events.drainTo(words);
        words.remove(END);
        if (bookmarks) {
            words.add(bookmark(Json.object()));
        }
        return words;
    }

    private ObjectNode bookmark(ObjectNode annotations) {
        ObjectNode mark = Json.object(
                "kind", target.type().kind(), "apiVersion", target.type().apiVersion());
        mark.set("metadata", Json.object("resourceVersion", seen, "annotations", annotations));
        return event("BOOKMARK", mark);
    }

    private static ObjectNode event(String type, JsonNode object) {
        return Json.object("type", type, "object", object);
    }

    private static void send(OutputStream out, ObjectNode event) throws IOException {
        out.write(Json.MAPPER.writeValueAsBytes(event));
        out.write('\n');
        out.flush();
    }
}
