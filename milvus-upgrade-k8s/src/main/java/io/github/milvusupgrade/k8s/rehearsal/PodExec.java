package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says what commands do that are executed in the running pods of a {@link RehearsalCluster}. Called by several threads.
 */
@FunctionalInterface
public interface PodExec {

    /**
     * What one command prints, and how it ends.
     *
     * @param pod the pod, not to be changed
     * @param container its container
     * @param command the program and its arguments
     * @return null for the default: {@code etcdctl} talks to the {@linkplain RehearsalCluster#etcd() rehearsed etcd},
     *     {@code cat} prints files of mounted volumes, {@code sh -c "kill -TERM 1"} ends the container, anything else
     *     is not found
     */
    @Nullable
    ExecAnswer run(JsonNode pod, String container, List<String> command);
}
