package io.github.milvusupgrade;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.RunConflictException;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.step.RunId;

/** A lock that others can hold and that can be lost at a chosen moment. It is never left behind by a dead process. */
final class FakeLock implements RunLock {

    private final History history;
    private Runnable whileWaiting = () -> {};
    private String holder = "";
    private boolean lost;
    private boolean brokenAtTheEnd;
    private long fence;

    FakeLock(History history) {
        this.history = history;
    }

    /** Another process has it, and keeps it. */
    synchronized void heldBy(String other) {
        holder = other;
    }

    /** From now on the holder cannot be sure that it holds it. */
    synchronized void lose() {
        lost = true;
    }

    /** What another process does before it gives the lock to us. */
    synchronized void whileWaiting(Runnable othersWork) {
        whileWaiting = othersWork;
    }

    synchronized void breakAtTheEnd() {
        brokenAtTheEnd = true;
    }

    @Override
    public synchronized Held acquire(ClusterId cluster, RunId run) {
        if (!holder.isEmpty()) {
            throw RunConflictException.held(cluster, holder);
        }
        Runnable others = whileWaiting;
        whileWaiting = () -> {};
        others.run();
        lost = false;
        fence++;
        history.add("lock taken");
        return new FakeHeld(cluster, fence);
    }

    private final class FakeHeld implements Held {
        private final ClusterId cluster;
        private final long number;

        FakeHeld(ClusterId cluster, long number) {
            this.cluster = cluster;
            this.number = number;
        }

        @Override
        public long fence() {
            return number;
        }

        @Override
        public void ensureHeld() {
            synchronized (FakeLock.this) {
                if (lost) {
                    throw new UpgradeException(Code.LOCK_LOST, "The lock of " + cluster + " was lost.");
                }
            }
        }

        @Override
        public void close() {
            history.add(
                    "lock given back" + (Thread.currentThread().isInterrupted() ? " on an interrupted thread" : ""));
            if (brokenAtTheEnd) {
                throw new UpgradeException(Code.API_UNREACHABLE, "The API server is gone.");
            }
        }
    }
}
