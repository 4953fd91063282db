package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One committed write.
 *
 * @param before the object as it was, null if it was created
 * @param after the object as it is now, null if it was removed
 * @param last the newest text of the object, which for a removal carries the revision of the removal
 */
record Change(
        ObjectKey key,
        long revision,
        @Nullable ObjectNode before,
        @Nullable ObjectNode after,
        ObjectNode last) {}
