package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.rolling.Stamps;
import io.github.milvusupgrade.k8s.view.ConfigMapView;
import io.github.milvusupgrade.step.StepContext;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Makes objects what a manifest says they shall be, without overwriting what somebody else writes meanwhile. */
final class ObjectWriter {

    private static final int CONFLICTS = 5;

    private final KubeApi api;
    private final StepContext context;

    ObjectWriter(KubeApi api, StepContext context) {
        this.api = api.within(context.remaining());
        this.context = context;
    }

    /**
     * An object as it is after the write.
     *
     * @param object as the API server has it
     * @param changed whether it had to be written
     */
    record Written(ObjectNode object, boolean changed) {}

    /**
     * Changes an object that is there.
     *
     * @return empty if it is not there
     */
    Optional<Written> write(ObjectRef ref, UnaryOperator<ObjectNode> change) {
        for (int attempt = 0; attempt <= CONFLICTS; attempt++) {
            Optional<ObjectNode> live = api.find(ref);
            if (live.isEmpty()) {
                return Optional.empty();
            }
            ObjectNode merged = change.apply(live.get());
            if (merged.equals(live.get())) {
                return Optional.of(new Written(live.get(), false));
            }
            context.checkpoint();
            Stamps.putInto(merged.withObjectProperty("metadata"), context);
            try {
                ObjectNode written =
                        api.replace(ref, merged, sent -> change.apply(sent).equals(sent));
                return Optional.of(new Written(written, true));
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

    /** Creates an object that a release brings along; Helm takes it over, for it bears the marks of the release. */
    void create(ObjectRef ref, ObjectNode wanted, String release) {
        ObjectNode object = wanted.deepCopy();
        ObjectNode metadata = object.withObjectProperty("metadata").put("namespace", ref.namespace());
        metadata.withObjectProperty("labels").put("app.kubernetes.io/managed-by", "Helm");
        metadata.withObjectProperty("annotations")
                .put("meta.helm.sh/release-name", release)
                .put("meta.helm.sh/release-namespace", ref.namespace());
        Stamps.putInto(metadata, context);
        context.checkpoint();
        api.create(ref, object, found -> Stamps.areOf(context, new ConfigMapView(found)));
    }
}
