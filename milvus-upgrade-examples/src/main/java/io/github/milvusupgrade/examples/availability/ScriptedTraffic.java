package io.github.milvusupgrade.examples.availability;

import io.github.milvusupgrade.run.UpgradeEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Plays clients of the rehearsal cluster, in which there are pods but no Milvus. Searches fail for a while from the
 * beginning of a chosen step on, as if the instance did not serve.
 */
final class ScriptedTraffic implements Traffic {

    private static final int ROWS = 10;

    private final Clock clock;
    private final String failsIn;
    private final Duration outage;
    private final AtomicLong rows = new AtomicLong();
    private volatile Instant servesFrom = Instant.MIN;

    ScriptedTraffic(Clock clock, String failsIn, Duration outage) {
        this.clock = clock;
        this.failsIn = failsIn;
        this.outage = outage;
    }

    @Override
    public void onEvent(UpgradeEvent event) {
        if (event instanceof UpgradeEvent.StepStarted started && started.title().startsWith(failsIn)) {
            servesFrom = clock.instant().plus(outage);
        }
    }

    @Override
    public void insert() {
        rows.addAndGet(ROWS);
    }

    @Override
    public void search() {
        if (clock.instant().isBefore(servesFrom)) {
            throw new IllegalStateException("UNAVAILABLE: no query node has loaded the collection");
        }
    }

    @Override
    public RowCount count() {
        return new RowCount(rows.get(), 0, 0);
    }

    @Override
    public void close() {
        // There is nothing to let go of.
    }
}
