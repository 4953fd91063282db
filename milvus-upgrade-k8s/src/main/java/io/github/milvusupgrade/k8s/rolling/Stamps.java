package io.github.milvusupgrade.k8s.rolling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.view.ObjectView;
import io.github.milvusupgrade.step.StepContext;

/**
 * The annotations that a run leaves on what it writes: who it was, and under which fencing number. They stand on the
 * object, never on its pod template, because there they would start a rollout.
 */
public final class Stamps {

    static final String RUN = "milvusupgrade.github.io/run";
    static final String FENCE = "milvusupgrade.github.io/fence";

    private Stamps() {}

    /** Puts both into the metadata of an object that is about to be written. */
    public static void putInto(ObjectNode metadata, StepContext context) {
        metadata.withObjectProperty("annotations")
                .put(RUN, context.run().value())
                .put(FENCE, Long.toString(context.fence()));
    }

    /** Whether the last write to an object was one of this run. */
    public static boolean areOf(StepContext context, ObjectView object) {
        return context.run().value().equals(object.annotations().get(RUN));
    }
}
