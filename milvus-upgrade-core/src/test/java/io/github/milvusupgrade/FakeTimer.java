package io.github.milvusupgrade;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls when a {@link FakeClock} comes to the time. Who waits for one of its futures lets the clock go on until then.
 */
public final class FakeTimer extends AbstractExecutorService implements ScheduledExecutorService {

    private final FakeClock clock;
    private boolean shutdown;
    private boolean late;
    private boolean heldUp;
    private final List<Runnable> missed = new ArrayList<>();

    public FakeTimer(FakeClock clock) {
        this.clock = clock;
    }

    /** Whoever waits does so in vain. */
    void beLate() {
        late = true;
    }

    /** Do nothing that is due at a rate, as while the whole machine stands still. */
    public void holdUp() {
        heldUp = true;
    }

    /** Do it now, all of it, as timers do. */
    public void goOn() {
        heldUp = false;
        missed.forEach(Runnable::run);
        missed.clear();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        refuseIfShutdown();
        Task task = new Task(command);
        clock.ring(clock.instant().plusNanos(unit.toNanos(delay)), task);
        return task;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long delay, long period, TimeUnit unit) {
        refuseIfShutdown();
        Task all = new Task(() -> {});
        repeat(command, delay, period, unit, all);
        return all;
    }

    private void repeat(Runnable command, long delay, long period, TimeUnit unit, Task all) {
        clock.ring(clock.instant().plusNanos(unit.toNanos(delay)), () -> {
            if (!all.isCancelled()) {
                repeat(command, period, period, unit, all);
                if (heldUp) {
                    missed.add(command);
                } else {
                    command.run();
                }
            }
        });
    }

    private void refuseIfShutdown() {
        if (shutdown) {
            throw new RejectedExecutionException("shut down");
        }
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }

    @Override
    public void execute(Runnable command) {
        throw new UnsupportedOperationException("A timer runs no probe.");
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("Nobody asks a timer for an answer.");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("A rate is no delay.");
    }

    private final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {

        Task(Runnable action) {
            super(action, null);
        }

        @Override
        public Void get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (late) {
                throw new TimeoutException();
            }
            while (!isDone()) {
                clock.advance(Duration.ofMillis(10));
            }
            return super.get(timeout, unit);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException("Nobody sorts these.");
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException("Nobody sorts these.");
        }
    }
}
