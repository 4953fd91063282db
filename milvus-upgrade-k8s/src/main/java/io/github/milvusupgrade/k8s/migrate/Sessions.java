package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.etcd.Etcd;
import io.github.milvusupgrade.k8s.etcd.EtcdEntry;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The sessions that running components keep in etcd: keys with a lease, which some take back when they stop and others
 * leave to expire. The migration tool refuses to work while one is there
 * (milvus-io/milvus:cmd/tools/migration/migration/runner.go), and keeps one itself.
 */
final class Sessions {

    private static final Set<String> ROLES =
            Set.of("rootcoord", "indexcoord", "indexnode", "datacoord", "datanode", "querycoord", "querynode", "proxy");
    private static final String TOOL = "migration";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(400);

    private final Etcd etcd;
    private final MetadataPlace place;
    private final Time time;

    Sessions(Etcd etcd, MetadataPlace place, Time time) {
        this.etcd = etcd;
        this.place = place;
        this.time = time;
    }

    /** The sessions of components, as {@code querynode-12}. */
    List<EtcdEntry> ofComponents() {
        return etcd.under(place.sessions()).stream()
                .filter(entry -> ROLES.contains(role(entry)))
                .toList();
    }

    /** The last part of a session's key: {@code querynode-12}. */
    String name(EtcdEntry entry) {
        return entry.key().substring(place.sessions().length());
    }

    private String role(EtcdEntry entry) {
        return name(entry).replaceFirst("-.*", "");
    }

    /** Waits until neither a component nor an earlier run of the tool has a session. */
    void awaitEnd(Duration atMost, StepContext context) throws InterruptedException {
        Deadline deadline = Deadline.after(atMost, time);
        String told = "";
        while (true) {
            List<String> alive = etcd.under(place.sessions()).stream()
                    .filter(entry -> ROLES.contains(role(entry)) || role(entry).equals(TOOL))
                    .map(this::name)
                    .sorted()
                    .toList();
            if (alive.isEmpty()) {
                return;
            }
            String state = alive.size() + " alive: " + String.join(", ", alive);
            if (!state.equals(told)) {
                told = state;
                context.progress("waiting for sessions in etcd to end, " + state);
            }
            if (deadline.passed()) {
                throw new UpgradeException(
                        Code.SESSIONS_ALIVE,
                        "Sessions under " + place.sessions() + " in etcd did not end in " + atMost.toSeconds() + " s, "
                                + state
                                + ". Something that is none of the stopped pods keeps them: another Milvus with the"
                                + " same etcd.rootPath, or a component outside of this namespace. Stop it.");
            }
            context.checkpoint();
            time.sleep(BETWEEN_LOOKS);
        }
    }
}
