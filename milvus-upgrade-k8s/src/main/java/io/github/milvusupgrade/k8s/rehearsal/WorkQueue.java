package io.github.milvusupgrade.k8s.rehearsal;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** The objects a controller has to look at, each once however often it was named. */
final class WorkQueue {

    private final EventLoop loop;
    private final Consumer<ObjectKey> reconcile;
    private final Set<ObjectKey> waiting = new HashSet<>();
    private final Map<ObjectKey, Timer> timers = new HashMap<>();

    WorkQueue(EventLoop loop, Consumer<ObjectKey> reconcile) {
        this.loop = loop;
        this.reconcile = reconcile;
    }

    synchronized void add(ObjectKey key) {
        if (waiting.add(key)) {
            loop.soon(() -> take(key));
        }
    }

    /** Looks at the object again after this much cluster time, or at an earlier time already asked for. */
    synchronized void addAfter(ObjectKey key, Duration clusterTime) {
        long due = loop.nanoTime() + clusterTime.toNanos();
        Timer timer = timers.get(key);
        if (timer != null && timer.due <= due && !timer.future.isDone()) {
            return;
        }
        if (timer != null) {
            timer.future.cancel(false);
        }
        timers.put(key, new Timer(due, loop.after(clusterTime, () -> ring(key))));
    }

    private void ring(ObjectKey key) {
        synchronized (this) {
            timers.remove(key);
        }
        add(key);
    }

    private void take(ObjectKey key) {
        synchronized (this) {
            waiting.remove(key);
        }
        reconcile.accept(key);
    }

    private record Timer(long due, Future<?> future) {}
}
