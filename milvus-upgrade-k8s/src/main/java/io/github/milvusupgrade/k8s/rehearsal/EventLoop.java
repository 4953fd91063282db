package io.github.milvusupgrade.k8s.rehearsal;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that all controllers share, and the cluster's pace: durations are given in cluster time, which passes
 * {@code speed} times as fast as real time.
 */
final class EventLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

    private final ScheduledThreadPoolExecutor executor;
    private final double speed;

    EventLoop(double speed) {
        this.speed = speed;
        this.executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "rehearsal-controllers");
            thread.setDaemon(true);
            return thread;
        });
        // Work is refused after close alone, when the cluster that it is about is gone.
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void soon(Runnable task) {
        executor.execute(() -> run(task));
    }

    Future<?> after(Duration clusterTime, Runnable task) {
        return executor.schedule(() -> run(task), (long) (clusterTime.toNanos() / speed), TimeUnit.NANOSECONDS);
    }

    /** Nanoseconds of cluster time since some fixed moment. */
    long nanoTime() {
        return (long) (System.nanoTime() * speed);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a controller of the rehearsal cluster failed", e);
        }
    }
}
