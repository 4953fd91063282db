package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what the containers of a {@link RehearsalCluster} have logged. Called by several threads. */
@FunctionalInterface
public interface PodLogs {

    /**
     * The lines of one container.
     *
     * @param pod the pod, not to be changed
     * @param container its container
     * @param previous whether the log of the container's last life is asked for
     * @return null for the default lines
     */
    @Nullable
    List<String> lines(JsonNode pod, String container, boolean previous);
}
