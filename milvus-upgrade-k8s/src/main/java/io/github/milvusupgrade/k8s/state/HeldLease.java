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
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
    /** Why it is ours no more, once that is known. */
    private volatile @Nullable String loss;

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
        String known = loss;
        if (known != null || age.compareTo(duration.multipliedBy(RENEWALS - 1L).dividedBy(RENEWALS)) >= 0) {
            throw new UpgradeException(
                    Code.LOCK_LOST,
                    "The lock " + ref + " is no longer held for certain: "
                            + (known != null ? known : "it could not be renewed for " + age.toSeconds() + " s")
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
            while (loss == null && !closing.await(duration.toMillis() / RENEWALS, TimeUnit.MILLISECONDS)) {
                renew();
            }
        } catch (InterruptedException e) {
            LOG.debug("The renewal of {} ends.", ref);
        }
    }

    private void renew() {
        long before = time.nanos();
        try {
            if (set("renewTime", LeaseLock.now(clock))) {
                renewedAt = before;
            }
        } catch (KubeApiException e) {
            if (closing.getCount() > 0) {
                LOG.warn("Could not renew {}: {}", ref, e.getMessage());
            }
        }
    }

    /** Best effort: a Lease that is not given back is taken over once its duration has passed. */
    private void release() {
        try {
            set("holderIdentity", "");
        } catch (KubeApiException e) {
            LOG.warn("Could not give back {}; it expires after {} s: {}", ref, duration.toSeconds(), e.getMessage());
        }
    }

    /** Sets one field, however often somebody touches the Lease in between; false if it is ours no more. */
    private boolean set(String field, String value) {
        KubeApi bounded = api.within(duration.dividedBy(RENEWALS));
        while (loss == null) {
            ObjectNode changed = lease.deepCopy();
            changed.withObjectProperty("spec").put(field, value);
            try {
                lease = bounded.replace(
                        ref, changed, found -> found.path("spec").equals(changed.path("spec")));
                return true;
            } catch (KubeApiException e) {
                if (!e.is(KubeApiException.Kind.CONFLICT) && !e.is(KubeApiException.Kind.NOT_FOUND)) {
                    throw e;
                }
                lookAgain(bounded);
            }
        }
        return false;
    }

    private void lookAgain(KubeApi bounded) {
        Optional<ObjectNode> found = bounded.find(ref);
        if (found.isEmpty()) {
            loss = "somebody deleted it";
        } else if (!LeaseLock.holder(found.get()).equals(identity)) {
            loss = "it went to \"" + LeaseLock.holder(found.get()) + "\"";
        } else {
            lease = found.get();
        }
    }
}
