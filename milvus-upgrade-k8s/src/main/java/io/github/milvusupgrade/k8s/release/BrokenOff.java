package io.github.milvusupgrade.k8s.release;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Resource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Writes down the end of an operation of Helm that was killed before it could do so itself. Helm then allows the next
 * one, as after every operation that failed. Whether it was killed, and whose it was, is for the caller to know.
 */
public final class BrokenOff {

    private final KubeApi api;

    /** @param api the gateway; needs the permission to update Secrets */
    public BrokenOff(KubeApi api) {
        this.api = api;
    }

    /**
     * Makes a pending revision a failed one if it has been there for a time.
     *
     * @return what was pending, for people
     * @throws UpgradeException {@link Code#HELM_BUSY} if it is younger, or nobody knows how old it is
     */
    public String end(PendingRelease pending, Duration untouchedFor, Clock clock) {
        Instant now = clock.instant();
        String explained = pending.explain(now);
        boolean old = pending.since()
                .filter(since -> !since.plus(untouchedFor).isAfter(now))
                .isPresent();
        if (!old) {
            throw new UpgradeException(
                    Code.HELM_BUSY,
                    explained + " It has not been there for " + untouchedFor.toSeconds() + " s: nothing was changed.");
        }
        markFailed(pending, "Marked as failed by milvus-upgrade, as somebody asked for");
        return explained;
    }

    /**
     * Makes the pending revision a failed one; does nothing if it is not pending any more. What the operation had
     * changed by then stays.
     *
     * @param description what {@code helm history} shows for it
     * @throws KubeApiException if the record cannot be written, also because Helm wrote it in the same moment
     */
    public void markFailed(PendingRelease pending, String description) {
        ObjectRef record = Resource.SECRETS.in(
                pending.namespace(), "sh.helm.release.v1." + pending.release() + ".v" + pending.revision());
        ReleaseSecret secret = new ReleaseSecret(api.get(record));
        if (secret.status().isPending()) {
            api.replace(
                    record,
                    secret.failed(description),
                    found -> new ReleaseSecret(found).status() == ReleaseStatus.FAILED);
        }
    }
}
