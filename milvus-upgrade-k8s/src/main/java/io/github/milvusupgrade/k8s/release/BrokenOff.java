package io.github.milvusupgrade.k8s.release;

import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Resource;

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
