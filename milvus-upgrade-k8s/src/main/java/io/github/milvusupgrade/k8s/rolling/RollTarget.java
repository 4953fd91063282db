package io.github.milvusupgrade.k8s.rolling;

import java.util.Optional;

/**
 * What a Deployment is to be brought to.
 *
 * @param deployment its name
 * @param uid its identity
 * @param container the container that runs Milvus
 * @param from the image that it must run for this to be right
 * @param to the image that it shall run
 * @param versionLabel what {@code app.kubernetes.io/version} shall say; left alone if empty
 * @param settings how it shall replace its pods afterwards; {@link RolloutSettings#gentle} while it rolls
 * @param replicas the pods that were wanted when it was looked at
 * @param minimumReady seconds that each new pod must stay ready while it rolls
 * @param withoutOldPods whether the old pods must be gone before the next component is touched
 * @param resourceVersion the state it was last seen in, to save a look; empty if it must be looked at first
 */
record RollTarget(
        String deployment,
        String uid,
        String container,
        String from,
        String to,
        Optional<String> versionLabel,
        RolloutSettings settings,
        int replicas,
        int minimumReady,
        boolean withoutOldPods,
        Optional<String> resourceVersion) {}
