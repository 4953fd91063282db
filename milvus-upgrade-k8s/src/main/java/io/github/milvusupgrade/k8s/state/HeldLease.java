package io.github.milvusupgrade.k8s.state;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Time;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Lease that is held: renewed by a daemon thread three times in its duration. It counts as lost a third of the
 * duration before others may take it, so that this process has stopped writing by then, whatever keeps it from
 * renewing.
 */
final class HeldLease implements RunLock.Held {

    private static final Logger LOG = LoggerFactory.getLogger(HeldLease.class);
    private static final int RENEWALS = 3;

    private final KubeApi api;
    private final Time time;
    private final Clock clock;
    private final ObjectRef ref;
    private final String identity;
    private final Duration duration;
    private final long fence;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread renewal;
    private volatile long renewedAt;
    private volatile boolean lost;
    private ObjectNode lease;

    HeldLease(
            KubeApi api, Time time, Clock clock, ObjectRef ref, ObjectNode lease, String identity, Duration duration) {
        this.api = api;
        this.time = time;
        this.clock = clock;
        this.ref = ref;
        this.lease = lease;
        this.identity = identity;
        this.duration = duration;
        this.fence = lease.at("/spec/leaseTransitions").asLong(1);
        this.renewedAt = time.nanos();
        this.renewal = new Thread(this::renewUntilClosed, "milvus-upgrade-lease-" + ref.name());
        renewal.setDaemon(true);
        renewal.start();
    }

    @Override
    public long fence() {
        return fence;
    }

    @Override
    public void ensureHeld() {
        Duration age = Duration.ofNanos(time.nanos() - renewedAt);
        if (lost || age.compareTo(duration.multipliedBy(RENEWALS - 1L).dividedBy(RENEWALS)) >= 0) {
            throw new UpgradeException(
                    Code.LOCK_LOST,
                    "The lock " + ref + " is no longer held for certain: "
                            + (lost
                                    ? "another process took it"
                                    : "it could not be renewed for " + age.toSeconds() + " s")
                            + ". Nothing more was written. If no other process goes on with the run, resume it.");
        }
    }

    @Override
    public void close() {
        closing.countDown();
        renewal.interrupt();
        boolean interrupted = false;
        try {
            renewal.join();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        release();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void renewUntilClosed() {
        try {
            while (!lost && !closing.await(duration.toMillis() / RENEWALS, TimeUnit.MILLISECONDS)) {
                renew();
            }
        } catch (InterruptedException e) {
            LOG.debug("The renewal of {} ends.", ref);
        }
    }

    private void renew() {
        long before = time.nanos();
        ObjectNode renewed = lease.deepCopy();
        renewed.withObjectProperty("spec").put("renewTime", LeaseLock.now(clock));
        try {
            lease = api.within(duration.dividedBy(RENEWALS)).replace(ref, renewed, this::isOurs);
            renewedAt = before;
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.CONFLICT)) {
                lookAgain();
            } else if (e.is(KubeApiException.Kind.NOT_FOUND)) {
                lost = true;
            } else if (closing.getCount() > 0) {
                LOG.warn("Could not renew {}: {}", ref, e.getMessage());
            }
        }
    }

    private void lookAgain() {
        api.find(ref).filter(this::isOurs).ifPresentOrElse(current -> lease = current, () -> lost = true);
    }

    private boolean isOurs(ObjectNode found) {
        return LeaseLock.holder(found).equals(identity);
    }

    /** Best effort: a Lease that is not given back is taken over once its duration has passed. */
    private void release() {
        if (lost) {
            return;
        }
        ObjectNode free = lease.deepCopy();
        free.withObjectProperty("spec").put("holderIdentity", "");
        try {
            api.within(duration.dividedBy(RENEWALS))
                    .replace(ref, free, found -> LeaseLock.holder(found).isEmpty());
        } catch (KubeApiException e) {
            LOG.warn("Could not give back {}; it expires after {} s: {}", ref, duration.toSeconds(), e.getMessage());
        }
    }
}
