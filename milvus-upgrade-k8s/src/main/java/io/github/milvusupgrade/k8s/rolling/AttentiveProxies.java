package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.config.Setting;
import io.github.milvusupgrade.version.VersionRange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Proxies that are started anew in their own version, before coordinators hand over or while they do, with settings by
 * which they notice that sooner. They are replaced as proxies are, so that clients do not feel it.
 *
 * @param versions the versions of proxies that know the settings
 * @param after coordinators that take over before that, each in a step of its own, and how long everybody gets to
 *     notice that the old one has stepped down; none, and proxies come first
 * @param settings what is in {@code user.yaml} while they start; if it has one of them already, none is started anew.
 *     No credentials: they are written to the journal
 * @param noticing how long these proxies take to notice that a coordinator has stepped down, instead of the time that
 *     the {@linkplain RollManner#noticing() manner} of coordinators has for others
 */
public record AttentiveProxies(
        VersionRange versions, Map<Component, Duration> after, List<Setting> settings, Duration noticing) {

    /** @throws IllegalArgumentException if the time is negative, or there is no setting */
    public AttentiveProxies {
        if (noticing.isNegative()) {
            throw new IllegalArgumentException("No time can be negative, but got " + noticing + ".");
        }
        if (settings.isEmpty()) {
            throw new IllegalArgumentException("Proxies of " + versions + " need not start anew without a setting.");
        }
        after = Map.copyOf(after);
        settings = List.copyOf(settings);
    }

    AttentiveProxies withWaits(UnaryOperator<Duration> wait) {
        return new AttentiveProxies(
                versions,
                after.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, component -> wait.apply(component.getValue()))),
                settings,
                wait.apply(noticing));
    }
}
