package io.github.milvusupgrade.k8s.testing;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.rolling.AttentiveProxies;
import io.github.milvusupgrade.k8s.rolling.RollManner;
import io.github.milvusupgrade.k8s.rolling.RollingProfile;
import io.github.milvusupgrade.k8s.rolling.TakeOver;
import io.github.milvusupgrade.k8s.rolling.TakeOverOrder;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Profiles for tests. */
public final class Profiles {

    private Profiles() {}

    /** The gentle one, for clusters whose pods are quick and whose clients are not there. */
    public static RollingProfile gentle() {
        Duration moment = Duration.ofMillis(200);
        return RollingProfile.gentle()
                .withAttentiveProxies(RollingProfile.gentle().attentiveProxies().stream()
                        .map(proxies -> new AttentiveProxies(
                                proxies.versions(),
                                atOnce(proxies.after().keySet(), moment),
                                proxies.settings(),
                                moment))
                        .toList())
                .withHandOver(
                        new TakeOverOrder(RollingProfile.gentle().handOver().sets(), moment))
                .withCoordinators(RollManner.allAtOnce().withTakeOver(TakeOver.STEPPING_DOWN, moment))
                .withProxies(RollManner.oneByOne().withTakeOver(TakeOver.BY_SERVICE, moment));
    }

    /** The official one, with coordinators that must stay ready for less long. */
    public static RollingProfile official(int coordinatorMinReadySeconds) {
        return RollingProfile.official()
                .withCoordinators(RollManner.oneByOne().withMinReadySeconds(coordinatorMinReadySeconds));
    }

    private static Map<Component, Duration> atOnce(Set<Component> components, Duration moment) {
        return components.stream().collect(Collectors.toMap(component -> component, component -> moment));
    }
}
