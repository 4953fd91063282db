package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.config.Setting;
import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * How a rolling hop goes about its components: what it replaces together, what waits for what. Never another order than
 * that of the hop. Immutable; callers choose one by name or make their own.
 *
 * <p>Measured with real Milvus under load; the tables are in {@code docs/availability.md}.
 *
 * @param name for people, and for {@link #named}
 * @param coordinators how coordinators are replaced
 * @param nodes how everything between coordinators and proxies is replaced
 * @param proxies how proxies are replaced, and standalone
 * @param handOver the order in which coordinators that stand by take over
 * @param leftBehind components whose old pods only the last step of the hop waits for
 * @param temporary settings of new coordinators that are in {@code user.yaml} only while they start
 * @param attentiveProxies of which versions proxies are started anew meanwhile, and how; the first that fits
 */
public record RollingProfile(
        String name,
        RollManner coordinators,
        RollManner nodes,
        RollManner proxies,
        TakeOverOrder handOver,
        Set<Component> leftBehind,
        TemporarySettings temporary,
        List<AttentiveProxies> attentiveProxies) {

    private static final int OFFICIAL_MIN_READY_SECONDS = 30;
    private static final int PROXY_MIN_READY_SECONDS = 5;

    /**
     * A proxy asks the query coordinator where to search when it has to, and again every 30 s, and only then notices
     * that the old one has stepped down (milvus-io/milvus: {@code proxy.shardLeaderCacheInterval}).
     */
    private static final Duration SHARD_LEADERS = Duration.ofSeconds(32);

    /**
     * An old query coordinator asks the root coordinator every 30 s what there is to load, and answers nobody meanwhile
     * (its log, 2.2.4: {@code observer trigger update current target}).
     */
    private static final Duration TARGETS = Duration.ofSeconds(32);

    /**
     * A proxy that asks every ten seconds, and some time to do it in. One that asks more often mostly asks just when
     * the query coordinator hands over.
     */
    private static final Duration SHARD_LEADERS_IF_ATTENTIVE = Duration.ofSeconds(12);

    /** A coordinator of 2.2.4 that ends itself does so within a second, and is back after three. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    /** A data node of 2.2.16 that lets go of a channel that it was just given does so within four seconds. */
    private static final Duration CHANNELS = Duration.ofSeconds(5);

    /** The nodes of Kubernetes hear of a change of endpoints, mostly within a second. */
    private static final Duration ENDPOINTS = Duration.ofSeconds(5);

    /** Copy what is handed in. */
    public RollingProfile {
        leftBehind = Set.copyOf(leftBehind);
        attentiveProxies = List.copyOf(attentiveProxies);
    }

    /**
     * What clients feel least of, and the default. All new coordinators start beside the old ones; when every one
     * stands by, the old ones step down one after the other; then all nodes are replaced together, then the proxies: a
     * new one must stay ready for 5 s, because it is ready before it serves, then the Service leads to new ones alone,
     * then the old ones go.
     *
     * <p>Coordinators take over in the order in which they need each other, each when the one before has settled: a
     * query coordinator that becomes active while the root or the data coordinator does not answer panics, and is
     * replaced by nobody until its session has expired (2.2.4, 2.3.5); and a coordinator of 2.2.4 ends itself once when
     * it has become active.
     *
     * <p>Query nodes that may serve in-memory replicas of the same collection join before the first old one goes: a
     * query coordinator of 2.2 gives a new one to the replica that has the fewest, whichever its old nodes will leave.
     *
     * <p>Data nodes of 2.2.4 and before are not known to a data coordinator of 2.2.16. They stay until new ones write
     * from the channels of what is loaded: one that begins with a channel may lose it at once, and then its coordinator
     * waits before it gives it out again, here for 30 s instead of two minutes, twice as long as a data node takes to
     * say that it is still at it ({@code dataCoord.channel.watchTimeoutInterval},
     * {@code datanode.channel.watchEventTicklerInterval}).
     *
     * <p>New coordinators of 2.2 start with a short patience for others: a new root coordinator tells each proxy to
     * refresh its policies, proxies of the first releases of 2.2 refuse that request ({@code empty op key}), and it
     * would otherwise be tried again for 25 s, in which no collection can be created or dropped; and 2.2 waits 5 s for
     * an address of which the pod is gone (seen in the logs of 2.2.4 and 2.2.16).
     *
     * <p>Proxies of 2.2 start anew meanwhile with a short patience of their own: they dial an address that is gone for
     * 5 s, try a coordinator that does not serve yet after 1, 2 and 4 s, and stay until the end. From before 2.2.16
     * that waits for the new root coordinator: an old one that calls a proxy that is just going may be held up for 15 s
     * (seen in the logs of 2.2.4).
     */
    public static RollingProfile gentle() {
        return new RollingProfile(
                "gentle",
                RollManner.allAtOnce().withTakeOver(TakeOver.STEPPING_DOWN, SHARD_LEADERS),
                RollManner.allAtOnce().withTakeOver(TakeOver.JOINING, CHANNELS),
                RollManner.oneByOne()
                        .withTakeOver(TakeOver.BY_SERVICE, ENDPOINTS)
                        .withMinReadySeconds(PROXY_MIN_READY_SECONDS),
                TakeOverOrder.oneAfterTheOther(
                        SETTLING, Component.ROOTCOORD, Component.DATACOORD, Component.INDEXCOORD, Component.QUERYCOORD),
                Set.of(Component.QUERYNODE),
                new TemporarySettings(
                        VersionRange.lineOf("2.2.0"),
                        List.of(
                                new Setting("grpc.client.initialBackOff", "0.1"),
                                new Setting("grpc.client.maxMaxAttempts", "3"),
                                new Setting("grpc.client.maxBackoff", "0.1"),
                                new Setting("grpc.client.dialTimeout", "200"),
                                new Setting("dataCoord.channel.watchTimeoutInterval", "30"))),
                List.of(
                        attentiveProxies(
                                VersionRange.of("2.2.0", "2.2.16"),
                                Map.of(Component.ROOTCOORD, TARGETS, Component.MIXCOORD, SHARD_LEADERS)),
                        attentiveProxies(VersionRange.exactly("2.2.16"), Map.of())));
    }

    private static AttentiveProxies attentiveProxies(VersionRange versions, Map<Component, Duration> after) {
        return new AttentiveProxies(
                versions,
                after,
                List.of(
                        new Setting("grpc.client.initialBackOff", "0.5"),
                        new Setting("grpc.client.maxBackoff", "1.0"),
                        new Setting("grpc.client.dialTimeout", "500"),
                        new Setting("proxy.shardLeaderCacheInterval", "10")),
                SHARD_LEADERS_IF_ATTENTIVE);
    }

    /**
     * The order and the waits of {@code rollingUpdate.sh}: one component after the other, coordinators that must stay
     * ready for 30 s.
     */
    public static RollingProfile official() {
        return new RollingProfile(
                "official",
                RollManner.oneByOne().withMinReadySeconds(OFFICIAL_MIN_READY_SECONDS),
                RollManner.oneByOne(),
                RollManner.oneByOne(),
                TakeOverOrder.TOGETHER,
                Set.of(Component.QUERYNODE),
                TemporarySettings.NONE,
                List.of());
    }

    /**
     * As quick as it gets without a pod less than before: everything of a kind at the same time, nothing is waited for.
     */
    public static RollingProfile fast() {
        return new RollingProfile(
                "fast",
                RollManner.allAtOnce(),
                RollManner.allAtOnce(),
                RollManner.allAtOnce(),
                TakeOverOrder.TOGETHER,
                Set.of(Component.QUERYNODE, Component.DATANODE, Component.INDEXNODE),
                TemporarySettings.NONE,
                List.of());
    }

    /**
     * The profile of a name: {@code gentle}, {@code official} or {@code fast}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static RollingProfile named(String name) {
        List<RollingProfile> known = List.of(gentle(), official(), fast());
        return known.stream()
                .filter(profile -> profile.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no rolling profile \"" + name
                        + "\"; there are "
                        + known.stream().map(RollingProfile::name).collect(Collectors.joining(", ")) + "."));
    }

    /** The same with coordinators that are replaced in another manner. */
    public RollingProfile withCoordinators(RollManner manner) {
        return new RollingProfile(name, manner, nodes, proxies, handOver, leftBehind, temporary, attentiveProxies);
    }

    /** The same with nodes that are replaced in another manner. */
    public RollingProfile withNodes(RollManner manner) {
        return new RollingProfile(
                name, coordinators, manner, proxies, handOver, leftBehind, temporary, attentiveProxies);
    }

    /** The same with proxies that are replaced in another manner. */
    public RollingProfile withProxies(RollManner manner) {
        return new RollingProfile(name, coordinators, nodes, manner, handOver, leftBehind, temporary, attentiveProxies);
    }

    /** The same with coordinators that take over in another order. */
    public RollingProfile withHandOver(TakeOverOrder order) {
        return new RollingProfile(name, coordinators, nodes, proxies, order, leftBehind, temporary, attentiveProxies);
    }

    /** The same with other settings for the time in which coordinators start. */
    public RollingProfile withTemporary(TemporarySettings settings) {
        return new RollingProfile(name, coordinators, nodes, proxies, handOver, leftBehind, settings, attentiveProxies);
    }

    /** The same with other proxies that are started anew meanwhile; with none, all stay as they are. */
    public RollingProfile withAttentiveProxies(List<AttentiveProxies> attentive) {
        return new RollingProfile(name, coordinators, nodes, proxies, handOver, leftBehind, temporary, attentive);
    }

    /** The same with other times to settle and to notice, each made of what it was. */
    public RollingProfile withWaits(UnaryOperator<Duration> wait) {
        return new RollingProfile(
                name,
                coordinators.withNoticing(wait.apply(coordinators.noticing())),
                nodes.withNoticing(wait.apply(nodes.noticing())),
                proxies.withNoticing(wait.apply(proxies.noticing())),
                new TakeOverOrder(handOver.sets(), wait.apply(handOver.settling())),
                leftBehind,
                temporary,
                attentiveProxies.stream()
                        .map(attentive -> attentive.withWaits(wait))
                        .toList());
    }

    Optional<AttentiveProxies> attentiveProxies(MilvusVersion version) {
        return attentiveProxies.stream()
                .filter(proxies -> proxies.versions().contains(version))
                .findFirst();
    }

    RollManner manner(ComponentKind kind) {
        return switch (kind) {
            case COORDINATORS -> coordinators;
            case NODES -> nodes;
            case PROXIES -> proxies;
        };
    }
}
