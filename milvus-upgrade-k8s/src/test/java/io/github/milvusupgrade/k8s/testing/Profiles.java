package io.github.milvusupgrade.k8s.testing;

import io.github.milvusupgrade.k8s.rolling.RollManner;
import io.github.milvusupgrade.k8s.rolling.RollingProfile;
import io.github.milvusupgrade.k8s.rolling.TakeOver;
import java.time.Duration;

/** Profiles for tests. */
public final class Profiles {

    private Profiles() {}

    /** The gentle one, for clusters whose pods are quick and whose clients are not there. */
    public static RollingProfile gentle() {
        Duration moment = Duration.ofMillis(200);
        return RollingProfile.gentle()
                .withWaits(wait -> wait.isZero() ? wait : moment)
                .withProxies(RollManner.oneByOne().withTakeOver(TakeOver.BY_SERVICE, moment));
    }

    /** The official one, with coordinators that must stay ready for less long. */
    public static RollingProfile official(int coordinatorMinReadySeconds) {
        return RollingProfile.official()
                .withCoordinators(RollManner.oneByOne().withMinReadySeconds(coordinatorMinReadySeconds));
    }
}
