package io.github.milvusupgrade.k8s.state;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.JournalEntry;
import io.github.milvusupgrade.journal.JournalHeader;
import io.github.milvusupgrade.journal.JournalLines;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Patch;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.view.ConfigMapView;
import io.github.milvusupgrade.step.RunId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Remembers each run in a ConfigMap of its own in the namespace of the instance: the header under one key, each entry
 * under a key of its own that counts up. An entry is added by a patch that only succeeds if nobody else added one
 * meanwhile: a process that lost its lock without knowing cannot write into the journal of the one that has it now.
 *
 * <p>The latest runs are kept, older finished ones are removed when a new one begins. Safe for many threads.
 */
public final class ConfigMapJournal implements UpgradeJournal {

    private static final String HEADER = "header.json";
    private static final String ENTRY_PREFIX = "entry-";
    private static final int RUNS_KEPT = 10;
    private static final int CONFLICTS = 5;

    private final KubeApi api;
    private final String namespace;
    /** The state of each journal as this process knows it, so that an entry costs one request. */
    private final Map<RunId, Position> positions = new HashMap<>();

    private record Position(String resourceVersion, int entries) {}

    public ConfigMapJournal(KubeApi api, String namespace) {
        this.api = api;
        this.namespace = namespace;
    }

    @Override
    public synchronized void begin(JournalHeader header) {
        List<JournaledRun> known = runs(header.cluster());
        refuseConflict(header);
        forgetOld(known);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("apiVersion", "v1").put("kind", "ConfigMap");
        ObjectNode metadata = body.putObject("metadata");
        metadata.put("name", name(header.run())).put("namespace", namespace);
        StateLabels.putInto(metadata, header.cluster());
        metadata.withObjectProperty("labels").put(StateLabels.RUN, header.run().value());
        body.putObject("data").put(HEADER, JournalLines.write(header));
        writing(header.run(), () -> {
            ObjectNode created = api.create(
                    ref(header.run()),
                    body,
                    found -> new ConfigMapView(found)
                            .labels()
                            .getOrDefault(StateLabels.RUN, "")
                            .equals(header.run().value()));
            return new Position(new ConfigMapView(created).resourceVersion(), 0);
        });
    }

    @Override
    public synchronized void append(RunId run, JournalEntry entry) {
        writing(
                run,
                () -> append(run, entry, Optional.ofNullable(positions.get(run)).orElseGet(() -> position(run))));
    }

    /** Somebody may have touched the ConfigMap without adding an entry, to label it for example: that is no rival. */
    private Position append(RunId run, JournalEntry entry, Position last) {
        Position position = last;
        for (int attempt = 1; ; attempt++) {
            try {
                return append(run, JournalLines.write(entry), position);
            } catch (KubeApiException e) {
                if (!e.is(KubeApiException.Kind.CONFLICT) || attempt == CONFLICTS) {
                    throw e;
                }
                position = position(run);
                if (position.entries() != last.entries()) {
                    throw e;
                }
            }
        }
    }

    private Position append(RunId run, String line, Position position) {
        String key = String.format("%s%05d.json", ENTRY_PREFIX, position.entries() + 1);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("metadata").put("resourceVersion", position.resourceVersion());
        body.putObject("data").put(key, line);
        ObjectNode written = api.patch(
                ref(run),
                Patch.merge(body),
                found -> line.equals(new ConfigMapView(found).data().get(key)));
        return new Position(new ConfigMapView(written).resourceVersion(), position.entries() + 1);
    }

    @Override
    public Optional<JournaledRun> read(RunId run) {
        return api.find(ref(run)).map(ConfigMapView::new).map(this::parse);
    }

    @Override
    public List<JournaledRun> runs(ClusterId cluster) {
        return api
                .list(Selection.all(Resource.CONFIG_MAPS, namespace).withLabels(StateLabels.selector(cluster)))
                .map(ConfigMapView::new)
                .stream()
                .map(this::parse)
                .sorted(JournaledRun.oldestFirst())
                .toList();
    }

    private JournaledRun parse(ConfigMapView configMap) {
        String where = "ConfigMap " + namespace + "/" + configMap.name();
        String header = configMap.data().get(HEADER);
        if (header == null) {
            throw new UpgradeException(
                    Code.JOURNAL_UNREADABLE,
                    "Cannot read the journal in " + where + ": it has no " + HEADER
                            + ". Somebody changed it; compare the instance with the plan by hand and delete it.");
        }
        List<JournalEntry> entries = new TreeMap<>(configMap.data())
                .entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(ENTRY_PREFIX))
                        .map(entry -> JournalLines.read(entry.getValue(), JournalEntry.class, where))
                        .toList();
        return new JournaledRun(JournalLines.read(header, JournalHeader.class, where), entries);
    }

    private Position position(RunId run) {
        ConfigMapView found = api.find(ref(run))
                .map(ConfigMapView::new)
                .orElseThrow(() -> new UpgradeException(
                        Code.RUN_UNKNOWN,
                        "There is no " + ref(run) + ": the journal of run " + run
                                + " was deleted, or the run was never begun here."));
        int entries = (int) found.data().keySet().stream()
                .filter(key -> key.startsWith(ENTRY_PREFIX))
                .count();
        return new Position(found.resourceVersion(), entries);
    }

    private void writing(RunId run, Supplier<Position> write) {
        try {
            positions.put(run, write.get());
        } catch (KubeApiException e) {
            positions.remove(run);
            throw new UpgradeException(
                    Code.JOURNAL_WRITE_FAILED,
                    "The journal " + ref(run) + " could not be written, so what it was to announce was not done: "
                            + e.getMessage(),
                    e);
        }
    }

    private void forgetOld(List<JournaledRun> known) {
        List<JournaledRun> finished =
                known.stream().filter(run -> !run.unfinished()).toList();
        for (JournaledRun run : finished.subList(0, Math.max(0, finished.size() - RUNS_KEPT))) {
            api.find(ref(run.header().run()))
                    .ifPresent(found -> api.delete(ref(run.header().run()), new ConfigMapView(found).uid()));
        }
    }

    private ObjectRef ref(RunId run) {
        return Resource.CONFIG_MAPS.in(namespace, name(run));
    }

    private static String name(RunId run) {
        return "milvus-upgrade-" + run;
    }
}
