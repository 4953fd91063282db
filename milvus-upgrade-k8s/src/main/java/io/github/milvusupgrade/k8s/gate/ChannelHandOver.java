package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.probe.Gauge;
import io.github.milvusupgrade.k8s.probe.Metrics;
import io.github.milvusupgrade.k8s.probe.Seen;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.GateAnswer;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether new data nodes write from the channels of what is loaded, while old ones still do. Without that, nobody sends
 * the time ticks that a query node needs before it searches a segment that it has just loaded.
 *
 * <p>A data node of 2.2.4 says in its session that it is 2.2.3-pre, and a data coordinator of 2.2.16 looks for data
 * nodes from 2.2.3 on alone. So the old ones are not known to it, and the first new one is given all channels in the
 * moment in which it registers. If that is before it begins to listen, it begins with each, finds the key in etcd
 * written once more than it thinks, and lets go of it again within four seconds (its log: {@code failed to compare
 * version and swap, release flowgraph}), until its coordinator gives up waiting and assigns the channel anew. The old
 * data node goes on meanwhile, as long as it is there.
 *
 * <p>It never stops a run: a collection that was dropped meanwhile is consumed by nobody. Made for one roll.
 */
final class ChannelHandOver implements MilvusGate {

    /** 2.2.4 is the last that was looked at whose data nodes are not known to a new data coordinator. */
    private static final VersionRange UNKNOWN = VersionRange.of("2.2.0", "2.2.5");

    private final Rolled rolled;
    private final Duration keeping;
    private final Duration longest;
    private final Time time;
    private final Deadline end;
    private @Nullable Deadline kept;

    /**
     * Make the gate of one roll.
     *
     * @param keeping how long new data nodes must have kept what they took over
     * @param longest when the old ones may go in any case, counted from now
     */
    ChannelHandOver(Rolled rolled, Duration keeping, Duration longest, Time time) {
        this.rolled = rolled;
        this.keeping = keeping;
        this.longest = longest;
        this.time = time;
        this.end = Deadline.after(longest, time);
    }

    /** Whether old data nodes must stay until new ones write: only where new ones are given something by then. */
    static boolean isAwaited(MilvusVersion from, MilvusVersion to, Map<String, String> captured) {
        return UNKNOWN.contains(from)
                && Gauge.DATA_NODE_LAG.tells(to)
                && NodeGate.wereThere(Component.DATANODE, captured)
                && !loaded(captured).isEmpty();
    }

    @Override
    public Component component() {
        return Component.DATANODE;
    }

    @Override
    public String describe() {
        return "new data nodes write from the channels of what is loaded";
    }

    @Override
    public GateAnswer check(Look look, StepContext context) {
        Set<String> missing = new TreeSet<>(loaded(context.captured()));
        for (PodView pod : look.pods().running(rolled.images())) {
            Seen<Metrics> metrics = look.metrics(pod);
            if (metrics instanceof Seen.Blind<Metrics> blind) {
                return GateAnswer.passed(blind.why());
            }
            missing.removeAll(ServedCollections.writtenBy(((Seen.Clear<Metrics>) metrics).what()));
        }
        if (!missing.isEmpty()) {
            kept = null;
            String none = "no new pod of datanode writes from a channel of collection "
                    + FirstFew.of(missing.stream().toList(), ", ");
            if (end.passed()) {
                context.warn("Old pods of datanode were let go after " + longest.toSeconds() + " s, although " + none
                        + ": what is loaded after that is not searched until one does.");
                return GateAnswer.passed(none);
            }
            return GateAnswer.notYet(none);
        }
        Deadline stable = kept == null ? Deadline.after(keeping, time) : kept;
        kept = stable;
        return stable.passed()
                ? GateAnswer.passed("new pods of datanode write from the channels of what is loaded")
                : GateAnswer.notYet("new pods of datanode have what they take over, and have to keep it for "
                        + keeping.toSeconds() + " s");
    }

    private static Set<String> loaded(Map<String, String> captured) {
        return CollectionHandOver.servedBefore(captured).consumed();
    }
}
