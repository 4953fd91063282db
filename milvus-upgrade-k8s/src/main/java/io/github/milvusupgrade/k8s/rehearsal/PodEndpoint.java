package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Says what the running pods of a {@link RehearsalCluster} answer to HTTP requests through the API server's pod proxy.
 * Called by several threads.
 */
@FunctionalInterface
public interface PodEndpoint {

    /**
     * The answer of one pod.
     *
     * @param pod the pod, not to be changed
     * @param path what is asked for, with its leading slash, such as {@code /healthz}
     * @return null for the default, which is what a Milvus says that is well if the pod is ready: one coordinator of
     *     each kind is active, nodes and proxies are registered and have taken over; {@link PodFault}s change that
     */
    @Nullable
    PodAnswer answer(JsonNode pod, String path);
}
