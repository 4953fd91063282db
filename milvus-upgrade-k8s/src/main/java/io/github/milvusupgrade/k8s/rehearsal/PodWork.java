package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Says what pods do that are not restarted ({@code restartPolicy: Never} or {@code OnFailure}) and how they end. Asked
 * once for each, when its containers start, on a thread of the cluster; must not block.
 */
@FunctionalInterface
public interface PodWork {

    /**
     * The end of one pod.
     *
     * @param pod the pod, not to be changed
     * @return null for the default: {@code meta-migration}, {@code sleep} and {@code etcdctl watch} do what these
     *     programs do, anything else succeeds at once
     */
    @Nullable
    PodOutcome of(JsonNode pod);
}
