package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import java.time.Duration;
import java.util.Optional;

/**
 * Something that keeps a rollout from completing, as it can be seen in one look; how long it lasts is not its business.
 *
 * @param code what kind of trouble
 * @param object the object that tells of it, such as {@code pod my-release-milvus-proxy-7d4f-x2x9p}
 * @param container the container it is about, if it is about one
 * @param reason Kubernetes' own word for it
 * @param message Kubernetes' own sentence about it
 * @param budget how long it may last
 */
record Trouble(Code code, String object, Optional<String> container, String reason, String message, Duration budget) {

    /** Nothing at all has moved for a while, and nothing says why. */
    static Trouble noProgress(DeploymentView deployment, Duration since) {
        return new Trouble(
                Code.NO_PROGRESS,
                "deployment " + deployment.name(),
                Optional.empty(),
                "NoProgress",
                "nothing has changed for " + since.toSeconds() + " s",
                Duration.ZERO);
    }

    /** Whether it is the same trouble as at an earlier look: back-off changes the words but not the matter. */
    String key() {
        return code + "/" + object + "/" + container.orElse("");
    }

    /** One line for people. */
    String describe() {
        return object + container.map(name -> ", container " + name).orElse("") + ": " + reason
                + (message.isEmpty() ? "" : " (" + Redaction.of(message) + ")");
    }
}
