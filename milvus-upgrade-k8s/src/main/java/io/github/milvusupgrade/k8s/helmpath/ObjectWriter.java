package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.rolling.Stamps;
import io.github.milvusupgrade.step.StepContext;

/**
 * Brings objects to what a change makes of them: read, merged, and written on the condition that nobody else wrote in
 * between. An object that is as it should be is left alone, so that it can be done again after a crash.
 */
final class ObjectWriter {

    /** How often a change is merged anew because somebody else, mostly a controller, was faster. */
    private static final int CONFLICTS = 5;

    private final KubeApi api;
    private final StepContext context;

    ObjectWriter(KubeApi api, StepContext context) {
        this.api = api.within(context.remaining());
        this.context = context;
    }

    /** An object after a change. */
    record Written(ObjectNode object, boolean changed) {}

    Written write(ObjectRef ref, ReleaseChange.ObjectChange change) {
        for (int attempt = 0; attempt <= CONFLICTS; attempt++) {
            ObjectNode live = api.find(ref).orElseThrow(() -> gone(ref));
            ObjectNode merged = change.appliedTo(live);
            if (merged.equals(live)) {
                return new Written(live, false);
            }
            context.checkpoint();
            Stamps.putInto(merged.withObjectProperty("metadata"), context);
            try {
                ObjectNode written = api.replace(ref, merged, sent -> change.appliedTo(sent).equals(sent));
                return new Written(written, true);
            } catch (KubeApiException e) {
                if (!e.is(KubeApiException.Kind.CONFLICT)) {
                    throw e;
                }
            }
        }
        throw new UpgradeException(
                Code.CHANGED_BY_OTHERS,
                "Could not change " + ref + ": something else changed it " + (CONFLICTS + 1)
                        + " times in the same moments. Find out what fights for it (a GitOps controller, an operator, an"
                        + " autoscaler), stop that, then resume.");
    }

    private static UpgradeException gone(ObjectRef ref) {
        return new UpgradeException(
                Code.WORKLOAD_GONE,
                ref + " is gone: somebody deleted it since the plan was made. It is not created anew; bring it back, then"
                        + " make a new plan.");
    }
}
