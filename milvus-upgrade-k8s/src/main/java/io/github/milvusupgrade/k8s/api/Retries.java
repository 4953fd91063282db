package io.github.milvusupgrade.k8s.api;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where a request is tried again: until it succeeds, is refused for good, or its deadline leaves no room
 * for the next pause.
 *
 * <p>The pauses are resilience4j's; the sleeping is our own, because its sleeper is one static field for the whole JVM.
 */
final class Retries {

    private static final Logger LOG = LoggerFactory.getLogger(KubeApi.class);
    private static final double SPREAD = 0.5;

    private final Retry retry;
    private final IntervalFunction backoff;
    private final KubeApiOptions options;
    private final RequestLog log;

    Retries(KubeApiOptions options, RequestLog log) {
        this.options = options;
        this.log = log;
        this.backoff = IntervalFunction.ofExponentialRandomBackoff(
                options.firstBackoff(), 2.0, SPREAD, options.longestBackoff());
        this.retry = Retry.of(
                "kubernetes",
                RetryConfig.custom()
                        .maxAttempts(Integer.MAX_VALUE)
                        .retryOnException(e -> e instanceof KubeApiException failed
                                && failed.failure().retryable())
                        .intervalBiFunction(
                                (attempt, outcome) -> pauseAfter((KubeApiException) outcome.getLeft(), attempt)
                                        .toMillis())
                        .build());
    }

    /** Runs the attempt until it succeeds; throws its last failure. */
    <T> T run(ApiRequest request, Deadline deadline, Supplier<T> attempt) {
        Time time = options.time();
        long began = time.nanos();
        Retry.AsyncContext<T> context = retry.asyncContext();
        KubeApiException last = null;
        for (int attempts = 1; ; attempts++) {
            ensureWorthSending(request, deadline, last);
            try {
                T result = attempt.get();
                context.onComplete();
                return result;
            } catch (KubeApiException e) {
                Duration elapsed = Duration.ofNanos(time.nanos() - began);
                last = attempts == 1 ? e : e.with(e.failure().gaveUp(attempts, elapsed));
                long pause = attempts < e.failure().mostAttempts() ? context.onError(e) : -1;
                if (pause < 0 || pause >= deadline.remaining().toMillis()) {
                    throw last;
                }
                LOG.info(
                        "Retrying in {} ms (attempt {} failed): {}",
                        pause,
                        attempts,
                        e.failure().headline());
                log.retried();
                sleep(Duration.ofMillis(pause), request, e);
            }
        }
    }

    /** How long to wait after the given failure in a row: what the server asked for, or longer each time. */
    Duration pauseAfter(KubeApiException failure, int failuresInARow) {
        return failure.retryAfter()
                .filter(asked -> !asked.isZero())
                .map(asked -> asked.compareTo(options.longestRetryAfter()) < 0 ? asked : options.longestRetryAfter())
                .map(asked -> asked.plusMillis(ThreadLocalRandom.current().nextLong(250)))
                .orElseGet(() -> pauseAfter(failuresInARow));
    }

    Duration pauseAfter(int failuresInARow) {
        return Duration.ofMillis(backoff.apply(failuresInARow));
    }

    private static void ensureWorthSending(ApiRequest request, Deadline deadline, @Nullable KubeApiException last) {
        if (Thread.currentThread().isInterrupted()) {
            throw Failure.interrupted(request, last != null && last.outcomeUnknown(), last);
        }
        if (deadline.passed()) {
            throw last != null ? last : Failure.outOfTime(request);
        }
    }

    private void sleep(Duration pause, ApiRequest request, KubeApiException failure) {
        try {
            options.time().sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.interrupted(request, failure.outcomeUnknown(), failure);
        }
    }
}
