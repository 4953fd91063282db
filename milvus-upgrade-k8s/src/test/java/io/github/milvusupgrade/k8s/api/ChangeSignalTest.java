package io.github.milvusupgrade.k8s.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChangeSignalTest {

    private final ChangeSignal signal = new ChangeSignal();

    @Test
    void changeBetweenLookingAndWaitingIsNotMissed() throws InterruptedException {
        long seen = signal.count();
        signal.raise();

        assertThat(signal.awaitChangeSince(seen, Duration.ofMinutes(1))).isTrue();
    }

    @Test
    void waitEndsWithTheTime() throws InterruptedException {
        assertThat(signal.awaitChangeSince(signal.count(), Duration.ofMillis(1)))
                .isFalse();
        assertThat(signal.awaitChangeSince(signal.count(), Duration.ofMillis(-1)))
                .isFalse();
    }

    @Test
    void changeWakesTheWaiter() throws Exception {
        long seen = signal.count();
        CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(() -> {
            try {
                return signal.awaitChangeSince(seen, Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        signal.raise();

        assertThat(waiter.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void interruptEndsTheWait() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> signal.awaitChangeSince(signal.count(), Duration.ofMinutes(1)));
    }
}
