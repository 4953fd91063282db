package io.github.milvusupgrade.k8s.testing;

import io.github.milvusupgrade.k8s.rolling.RollManner;
import io.github.milvusupgrade.k8s.rolling.RollingProfile;

/** Profiles for tests. */
public final class Profiles {

    private Profiles() {}

    /** The official one, with coordinators that must stay ready for less long. */
    public static RollingProfile official(int coordinatorMinReadySeconds) {
        return RollingProfile.official()
                .withCoordinators(RollManner.oneByOne().withMinReadySeconds(coordinatorMinReadySeconds));
    }
}
