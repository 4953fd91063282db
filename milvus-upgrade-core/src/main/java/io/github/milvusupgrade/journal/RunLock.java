package io.github.milvusupgrade.journal;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.step.RunId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Keeps two processes from upgrading the same instance at the same time. Implementations are safe for many threads. */
public interface RunLock {

    /**
     * Take the lock for a run, waiting no longer than it takes to see that a holder is dead.
     *
     * @throws RunConflictException if somebody alive holds it
     * @throws InterruptedException if interrupted while waiting
     */
    Held acquire(ClusterId cluster, RunId run) throws InterruptedException;

    /** A lock that is held until it is closed. */
    interface Held extends AutoCloseable {

        /** Counts up each time the lock changes hands: whoever has the higher number is right. */
        long fence();

        /**
         * Return if the lock is still held for certain.
         *
         * @throws io.github.milvusupgrade.error.UpgradeException with {@code LOCK_LOST} if not
         */
        void ensureHeld();

        /** Give the lock back. */
        @Override
        void close();
    }

    /** A lock among the threads of this process only: for rehearsals, and where the caller has a lock of its own. */
    static RunLock inProcess() {
        ConcurrentMap<ClusterId, RunId> holders = new ConcurrentHashMap<>();
        return (cluster, run) -> {
            RunId holder = holders.putIfAbsent(cluster, run);
            if (holder != null) {
                throw RunConflictException.held(cluster, "run " + holder + " of this process");
            }
            return new Held() {
                @Override
                public long fence() {
                    return 1;
                }

                @Override
                public void ensureHeld() {
                    // Within one process nobody can take it away.
                }

                @Override
                public void close() {
                    holders.remove(cluster, run);
                }
            };
        };
    }
}
