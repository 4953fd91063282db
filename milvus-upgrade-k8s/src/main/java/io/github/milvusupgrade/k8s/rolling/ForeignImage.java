package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * An image that is neither what the plan found nor what it shall become: somebody else is at work, and is not fought.
 */
final class ForeignImage {

    private ForeignImage() {}

    /**
     * The image of a container, which must be one of those that are known.
     *
     * @throws UpgradeException with {@link Code#CHANGED_BY_OTHERS} if it is none of them
     */
    static String refuse(DeploymentView deployment, String container, String... known) {
        String image = deployment.imageOf(container).orElse("");
        Set<String> expected = new LinkedHashSet<>(Arrays.asList(known));
        if (expected.contains(image)) {
            return image;
        }
        String found = image.isEmpty() ? "has no container " + container : "runs image " + image;
        throw new UpgradeException(
                Code.CHANGED_BY_OTHERS,
                "Deployment " + deployment.namespace() + "/" + deployment.name() + " " + found + ", which is neither "
                        + String.join(" nor ", expected) + ": somebody else changed it since the plan was made ("
                        + deployment.imageSetBy(container).orElse("nobody on record")
                        + " set it). Find out why, put back one of these images, then resume; or plan anew.");
    }
}
