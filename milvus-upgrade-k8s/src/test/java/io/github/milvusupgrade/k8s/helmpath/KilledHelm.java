package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.k8s.helm.HelmClient;
import io.github.milvusupgrade.k8s.helm.HelmUpgrade;
import io.github.milvusupgrade.k8s.helm.RenderedRelease;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** A Helm that dies in the middle of its first upgrade, together with whoever called it. */
record KilledHelm(HelmClient helm, Runnable whatItLeaves, AtomicBoolean killed) implements HelmClient {

    @Override
    public String version() {
        return helm.version();
    }

    @Override
    public RenderedRelease render(HelmUpgrade upgrade) {
        return helm.render(upgrade);
    }

    @Override
    public void upgrade(HelmUpgrade upgrade, Duration timeout, BooleanSupplier cancelled) {
        if (killed.compareAndSet(false, true)) {
            whatItLeaves.run();
            throw new IllegalStateException("killed");
        }
        helm.upgrade(upgrade, timeout, cancelled);
    }

    @Override
    public void rollback(String namespace, String release, int revision, Duration timeout, BooleanSupplier cancelled) {
        helm.rollback(namespace, release, revision, timeout, cancelled);
    }
}
