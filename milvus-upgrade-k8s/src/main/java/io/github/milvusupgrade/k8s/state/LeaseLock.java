package io.github.milvusupgrade.k8s.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.journal.RunConflictException;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.step.RunId;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The lock of an instance as a {@code coordination.k8s.io/v1} Lease, named {@code milvus-upgrade-<instance>}.
 *
 * <p>Whether a holder is dead is never judged by comparing clocks: the Lease is watched for its own duration, and only
 * if nobody renewed it in that time it is taken over, by a conditional write. {@code leaseTransitions} is the fencing
 * number.
 */
public final class LeaseLock implements RunLock {

    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int LOOKS_PER_DURATION = 10;

    private final KubeApi api;
    private final Time time;
    private final Clock clock;
    private final Duration duration;
    private final String process;

    /** A lock that a dead holder loses after {@code duration}; a living one renews it three times as often. */
    public LeaseLock(KubeApi api, Time time, Clock clock, Duration duration) {
        this.api = api;
        this.time = time;
        this.clock = clock;
        this.duration = duration;
        this.process = ProcessHandle.current().pid() + "-"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    @Override
    public Held acquire(ClusterId cluster, RunId run) throws InterruptedException {
        String identity = "run " + run + " of process " + process;
        long start = time.nanos();
        Observation seen = null;
        while (true) {
            Optional<ObjectNode> found = api.find(ref(cluster));
            Optional<ObjectNode> taken;
            if (found.isEmpty()) {
                taken = create(cluster, identity);
            } else {
                seen = Observation.next(seen, found.get(), time.nanos());
                taken = holder(found.get()).isEmpty() || seen.outlived(time.nanos())
                        ? takeOver(cluster, found.get(), identity)
                        : Optional.empty();
            }
            if (taken.isPresent()) {
                return new HeldLease(api, time, clock, ref(cluster), taken.get(), identity, duration);
            }
            if (seen != null && (seen.renewed() || time.nanos() - start > patience(seen))) {
                throw RunConflictException.held(cluster, describe(seen.lease()));
            }
            time.sleep(duration.dividedBy(LOOKS_PER_DURATION));
        }
    }

    /** Twice the time after which a holder counts as dead, in case others keep trying to take its place too. */
    private long patience(Observation seen) {
        Duration theirs = durationOf(seen.lease());
        return (theirs.compareTo(duration) > 0 ? theirs : duration)
                .multipliedBy(2)
                .toNanos();
    }

    /**
     * What is known of a holder: its record, since when it has not changed by the clock of this process, and whether it
     * was seen to change, which only a living holder does.
     */
    private record Observation(ObjectNode lease, long since, boolean renewed) {

        static Observation next(@Nullable Observation before, ObjectNode lease, long now) {
            if (before == null) {
                return new Observation(lease, now, false);
            }
            boolean same = before.lease.path("spec").equals(lease.path("spec"));
            return same ? before : new Observation(lease, now, !holder(lease).isEmpty());
        }

        boolean outlived(long now) {
            return now - since >= durationOf(lease).toNanos();
        }
    }

    /** Who holds the lock of an instance now, for people; empty if nobody does. Reads only. */
    public Optional<String> holder(ClusterId cluster) {
        return api.find(ref(cluster)).filter(lease -> !holder(lease).isEmpty()).map(LeaseLock::describe);
    }

    private Optional<ObjectNode> create(ClusterId cluster, String identity) {
        ObjectNode lease = JsonNodeFactory.instance.objectNode();
        lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        ObjectNode metadata = lease.putObject("metadata");
        metadata.put("name", ref(cluster).name()).put("namespace", cluster.namespace());
        StateLabels.putInto(metadata, cluster);
        hold(lease, identity, 1);
        try {
            return Optional.of(
                    api.create(ref(cluster), lease, sent -> holder(sent).equals(identity)));
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.ALREADY_EXISTS)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Optional<ObjectNode> takeOver(ClusterId cluster, ObjectNode lease, String identity) {
        ObjectNode mine = lease.deepCopy();
        hold(mine, identity, lease.at("/spec/leaseTransitions").asLong(0) + 1);
        try {
            return Optional.of(
                    api.replace(ref(cluster), mine, sent -> holder(sent).equals(identity)));
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.CONFLICT)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void hold(ObjectNode lease, String identity, long transitions) {
        String now = MICROS.format(clock.instant());
        lease.withObjectProperty("spec")
                .put("holderIdentity", identity)
                .put("leaseDurationSeconds", (int) Math.max(1, duration.toSeconds()))
                .put("acquireTime", now)
                .put("renewTime", now)
                .put("leaseTransitions", transitions);
    }

    static String now(Clock clock) {
        return MICROS.format(clock.instant());
    }

    static String holder(JsonNode lease) {
        return lease.at("/spec/holderIdentity").asText("");
    }

    private static Duration durationOf(JsonNode lease) {
        return Duration.ofSeconds(lease.at("/spec/leaseDurationSeconds").asLong(1));
    }

    private static String describe(JsonNode lease) {
        return holder(lease) + " since " + lease.at("/spec/acquireTime").asText("unknown");
    }

    private static ObjectRef ref(ClusterId cluster) {
        return Resource.LEASES.in(cluster.namespace(), "milvus-upgrade-" + cluster.instance());
    }
}
