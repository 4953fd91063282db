package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/**
 * A container as the kubelet reports it.
 *
 * @param name its name in the pod
 * @param image the image as the node resolved it
 * @param imageId the image with its digest; empty until it was pulled
 * @param init whether it is an init container
 * @param ready whether its readiness probe passes
 * @param restartCount restarts since the pod began
 * @param waiting why it does not run yet, if it waits
 * @param terminated how it ended, if it ended
 * @param lastTerminated how the run before this one ended, if it was restarted
 */
public record ContainerState(
        String name,
        String image,
        String imageId,
        boolean init,
        boolean ready,
        int restartCount,
        Optional<Waiting> waiting,
        Optional<Terminated> terminated,
        Optional<Terminated> lastTerminated) {

    /** Why a container does not run yet: the reason for machines ({@code ImagePullBackOff}) and a sentence. */
    public record Waiting(String reason, String message) {}

    /** How a run of a container ended; {@code reason} is a word such as {@code OOMKilled}. */
    public record Terminated(String reason, int exitCode, String message, Optional<Instant> finishedAt) {}

    static ContainerState of(JsonNode node, boolean init) {
        return new ContainerState(
                Fields.text(node, "name"),
                Fields.text(node, "image"),
                Fields.text(node, "imageID"),
                init,
                Fields.flag(node, "ready"),
                Fields.number(node, 0, "restartCount"),
                waiting(Fields.at(node, "state", "waiting")),
                terminated(Fields.at(node, "state", "terminated")),
                terminated(Fields.at(node, "lastState", "terminated")));
    }

    private static Optional<Waiting> waiting(JsonNode node) {
        return node.isObject()
                ? Optional.of(new Waiting(Fields.text(node, "reason"), Fields.text(node, "message")))
                : Optional.empty();
    }

    private static Optional<Terminated> terminated(JsonNode node) {
        return node.isObject()
                ? Optional.of(new Terminated(
                        Fields.text(node, "reason"),
                        Fields.number(node, 0, "exitCode"),
                        Fields.text(node, "message"),
                        Fields.time(node, "finishedAt")))
                : Optional.empty();
    }
}
