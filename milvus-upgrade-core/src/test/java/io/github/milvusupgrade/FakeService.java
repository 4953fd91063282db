package io.github.milvusupgrade;

import io.github.milvusupgrade.availability.AvailabilityProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What clients meet: a service that takes its time of the fake clock to answer, refuses, or hangs, as a test tells it.
 * It is the executor of its probes as well, because there the time passes.
 */
public final class FakeService implements Executor {

    private final FakeClock clock;
    private final List<Runnable> hanging = new ArrayList<>();
    private Duration latency = Duration.ofMillis(4);
    private String refusal = "";
    private boolean hangs;

    public FakeService(FakeClock clock) {
        this.clock = clock;
    }

    public AvailabilityProbe probe(String name) {
        return AvailabilityProbe.named(name, () -> {
            if (!refusal.isEmpty()) {
                throw new IllegalStateException(refusal);
            }
        });
    }

    public void answerIn(Duration time) {
        latency = time;
    }

    public void refuse(String text) {
        refusal = text;
    }

    /** Whoever calls now gets no answer, until the service is {@link #recover}ed. */
    public void hang() {
        hangs = true;
    }

    /** Answer everybody, those who still wait included. */
    public void recover() {
        refusal = "";
        hangs = false;
        hanging.forEach(Runnable::run);
        hanging.clear();
    }

    public int waiting() {
        return hanging.size();
    }

    @Override
    public void execute(Runnable call) {
        if (hangs) {
            hanging.add(call);
        } else {
            clock.ring(clock.instant().plus(latency), call);
        }
    }
}
