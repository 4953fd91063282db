package io.github.milvusupgrade.k8s;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.step.RunId;

/** The lock of an instance that is looked at while a run holds it, so that its steps share what is heard of it. */
record WatchedLock(RunLock lock, LiveInstance live) implements RunLock {

    @Override
    public Held acquire(ClusterId cluster, RunId run) throws InterruptedException {
        Held held = lock.acquire(cluster, run);
        LiveInstance.Looking looking = live.look();
        return new Held() {
            @Override
            public long fence() {
                return held.fence();
            }

            @Override
            public void ensureHeld() {
                held.ensureHeld();
            }

            @Override
            public void close() {
                looking.close();
                held.close();
            }
        };
    }
}
