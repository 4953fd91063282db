package io.github.milvusupgrade.k8s.helm;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Helm, for releases that exist. What Helm did is done when a call returns, but rollouts that it set off go on: no call
 * waits for pods. Hooks of the chart are waited for, as Helm always does.
 *
 * <p>Safe for use by several threads; Helm itself refuses two changes of one release at a time
 * ({@link io.github.milvusupgrade.error.Code#HELM_BUSY}). Every method throws
 * {@link io.github.milvusupgrade.error.UpgradeException}, with a code that says what is wrong and a message in which
 * values that look like credentials are masked. An interrupt is a cancellation, and leaves the thread interrupted.
 */
public interface HelmClient {

    /** The version of Helm, such as {@code 3.22.0}. */
    String version();

    /**
     * What {@link #upgrade} would make of the release: a dry run in which the chart may look things up in the cluster.
     * Changes nothing.
     */
    RenderedRelease render(HelmUpgrade upgrade);

    /**
     * Makes a new revision of the release. Not idempotent: each call makes another one.
     *
     * <p>Where the server applies the release (by default that is so if Helm 4 installed it), a field that somebody
     * else has set is not given another value ({@link io.github.milvusupgrade.error.Code#CHANGED_BY_OTHERS}).
     *
     * <p>When it fails, times out or is cancelled, some objects may be changed already. A Helm that was stopped gently
     * leaves the revision {@code failed}, and the next upgrade works; one that was killed leaves it
     * {@code pending-upgrade}, and Helm refuses every further change until that is resolved.
     *
     * @param timeout the most time for everything together
     * @param cancelled asked ten times a second whether to stop
     */
    void upgrade(HelmUpgrade upgrade, Duration timeout, BooleanSupplier cancelled);

    /**
     * Makes a new revision with chart, values and objects of an earlier one, also if the last one is pending: this is
     * the way out of {@link io.github.milvusupgrade.error.Code#HELM_BUSY} when nobody is at work. One that times out or
     * is cancelled leaves its revision {@code pending-rollback}, because Helm does not listen meanwhile, and another
     * rollback has to follow.
     *
     * @param revision the number of the earlier revision, from 1
     * @param timeout the most time for everything together
     * @param cancelled asked ten times a second whether to stop
     * @throws io.github.milvusupgrade.error.UpgradeException with
     *     {@link io.github.milvusupgrade.error.Code#HELM_UNSUPPORTED} if this kind of client cannot do it; an upgrade
     *     with the chart and the values of the earlier revision has the same effect
     */
    void rollback(String namespace, String release, int revision, Duration timeout, BooleanSupplier cancelled);
}
