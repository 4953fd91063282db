package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The programs that run in pods. One ends with its pod; what it has logged can be read as long as the pod is there. */
final class Programs {

    private final ObjectStore store;
    private final EventLoop loop;
    private final Function<JsonNode, Optional<Program>> choice;
    private final Map<String, ProgramRun> runs = new HashMap<>();
    private volatile PodWork script = pod -> null;

    Programs(ObjectStore store, EventLoop loop, Function<JsonNode, Optional<Program>> choice) {
        this.store = store;
        this.loop = loop;
        this.choice = choice;
        store.observe(change -> {
            if (change.key().type() == ResourceType.PODS && change.after() == null) {
                kill(ObjectStore.uid(change.last()));
                runs.remove(ObjectStore.uid(change.last()));
            }
        });
    }

    void script(PodWork script) {
        this.script = script;
    }

    /**
     * Starts what the pod is to run, if that is known here.
     *
     * @param onExit told with the pod's key, inside the lock of the store
     */
    boolean start(ObjectNode pod, Duration after, Consumer<ObjectKey> onExit) {
        Optional<Program> program = scripted(pod).or(() -> choice.apply(pod));
        ObjectKey key = ObjectKey.of(ResourceType.PODS, pod);
        program.ifPresent(found -> {
            ProgramRun run = new ProgramRun(store, loop, found, () -> onExit.accept(key));
            runs.put(ObjectStore.uid(pod), run);
            run.start(after);
        });
        return program.isPresent();
    }

    /** The run in a pod, over or not. */
    Optional<ProgramRun> of(JsonNode pod) {
        synchronized (store) {
            return Optional.ofNullable(runs.get(ObjectStore.uid(pod)));
        }
    }

    void kill(String uid) {
        ProgramRun run = runs.get(uid);
        if (run != null) {
            run.kill();
        }
    }

    Optional<List<String>> log(JsonNode pod) {
        return of(pod).map(ProgramRun::lines);
    }

    private Optional<Program> scripted(JsonNode pod) {
        return Optional.ofNullable(script.of(pod)).map(outcome -> run -> {
            outcome.log().forEach(run::log);
            run.after(outcome.after(), () -> run.exit(outcome.exitCode()));
        });
    }
}
