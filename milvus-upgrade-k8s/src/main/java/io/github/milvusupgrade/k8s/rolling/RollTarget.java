package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.rollout.RestartMark;
import io.github.milvusupgrade.k8s.rollout.RolloutGoal;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a Deployment is to be brought to.
 *
 * @param deployment its name
 * @param uid its identity
 * @param container the container that runs Milvus
 * @param from the image that it must run for this to be right
 * @param to the image that it shall run
 * @param restartBefore the {@link RestartMark} of the pods before
 * @param restart that of the pods after, which makes them others even if the image is the same
 * @param versionLabel what {@code app.kubernetes.io/version} shall say; left alone if empty
 * @param settings how it shall replace its pods afterwards; {@link RolloutSettings#gentle} while it rolls
 * @param replicas the pods that were wanted when it was looked at
 * @param minimumReady seconds that each new pod must stay ready while it rolls
 * @param heldSeconds seconds that each new pod must stay ready while it stands by, longer than it has to; empty if it
 *     does not stand by
 * @param besides how many new pods stand beside the old ones until those are let go
 * @param until what it must have come to before the next component is touched
 * @param back whether it is the way back
 * @param resourceVersion the state it was last seen in, to save a look; empty if it must be looked at first
 */
record RollTarget(
        String deployment,
        String uid,
        String container,
        String from,
        String to,
        Optional<String> restartBefore,
        Optional<String> restart,
        Optional<String> versionLabel,
        RolloutSettings settings,
        int replicas,
        int minimumReady,
        OptionalInt heldSeconds,
        int besides,
        RolloutGoal.Until until,
        boolean back,
        Optional<String> resourceVersion) {

    /** Whether a Deployment makes the wanted pods. */
    boolean isMadeBy(DeploymentView found) {
        return found.imageOf(container).filter(to::equals).isPresent()
                && RestartMark.of(found).equals(restart);
    }

    /** Whether a pod is one of those that are wanted. */
    boolean is(PodView pod) {
        return pod.runs(container, to) && RestartMark.of(pod).equals(restart);
    }

    /** How it replaces its pods while new ones stand by beside the old ones. */
    RolloutSettings held() {
        return rolling(Math.max(minimumReady, heldSeconds.orElse(0))).withSurge(replicas, besides);
    }

    /** The same when so many of the old ones may go. */
    RolloutSettings heldWithout(int old) {
        return held().withUnavailable(old);
    }

    /**
     * How many old pods go at the same time where they go in portions: as many as the Deployment itself would replace.
     */
    int portion() {
        return rolling(minimumReady).surge(replicas);
    }

    /**
     * How it replaces its pods as soon as they are ready for as long as they have to be: as it will for ever, if all
     * stand beside the old ones, so that it has nothing more to do than to let those go.
     *
     * @param wanted how many pods it is to have
     */
    RolloutSettings released(int wanted) {
        return besides >= wanted ? settings : rolling(minimumReady);
    }

    private RolloutSettings rolling(int seconds) {
        return settings.gentle(replicas, seconds);
    }
}
