package io.github.milvusupgrade.examples.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.MilvusCluster;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeListener;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Plans that wait for approval, and the runs that came of them. A plan is kept as the document that was shown and is
 * restored from it: what runs is what was approved, or nothing. All methods are safe for many threads.
 *
 * <p>Runs of earlier processes are in the journal of the instance, and not here.
 */
final class UpgradeDesk implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_PLANS = 100;
    private static final Duration BEGIN = Duration.ofSeconds(10);
    private static final Duration STOP = Duration.ofMinutes(1);

    private final MilvusCluster milvus;
    private final ExecutorService runner = Executors.newSingleThreadExecutor(task -> new Thread(task, "upgrade"));
    private final Map<String, String> plans = new LinkedHashMap<>();
    private final Map<RunId, TrackedRun> runs = new ConcurrentHashMap<>();
    private @Nullable TrackedRun latest;

    UpgradeDesk(MilvusCluster milvus) {
        this.milvus = milvus;
    }

    /** Plan an upgrade and show it, with what preflight finds. */
    ObjectNode plan(MilvusVersion target) {
        Upgrader upgrader = upgrader(event -> {});
        UpgradePlan plan = upgrader.plan(target);
        ObjectNode shown = show(plan);
        shown.set("findings", JSON.valueToTree(upgrader.preflight(plan).findings()));
        return shown;
    }

    /** Plan the way back from a run and show it. */
    ObjectNode planRollback(RunId run) {
        return show(upgrader(event -> {}).planRollback(run));
    }

    // tag::approval[]
    /** Run a plan that was shown before. An approval is good for one run. */
    TrackedRun start(String digest) {
        TrackedRun run = new TrackedRun();
        Upgrader upgrader = upgrader(run);
        synchronized (this) {
            if (latest != null && !latest.isOver()) {
                throw ServiceException.conflict(
                        "run-in-progress", "A run of " + milvus.id() + " goes on. Wait for it, or cancel it.");
            }
            String document = plans.get(digest);
            if (document == null) {
                throw ServiceException.conflict(
                        "not-planned",
                        "No plan with digest \"" + digest
                                + "\" waits for approval. Plan, read, then approve its digest.");
            }
            UpgradePlan plan = upgrader.restore(document);
            plans.remove(digest);
            latest = run;
            runner.execute(() -> execute(upgrader, plan, run));
        }
        runs.put(begun(run), run);
        return run;
    }
    // end::approval[]

    /** A run of this process. */
    TrackedRun run(RunId id) {
        TrackedRun run = runs.get(id);
        if (run == null) {
            throw ServiceException.notFound(
                    "This process has begun no run " + id + "; it knows " + runs.keySet() + ".");
        }
        return run;
    }

    /** Cancels the run that goes on, and waits until it has stopped. */
    @Override
    public void close() {
        synchronized (this) {
            if (latest != null) {
                latest.cancellation().cancel();
            }
        }
        runner.shutdown();
        try {
            if (!runner.awaitTermination(STOP.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("The run of " + milvus.id() + " did not stop within " + STOP.toSeconds()
                        + " s. It can be resumed or rolled back once its lock has expired.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Upgrader upgrader(UpgradeListener listener) {
        return Upgrader.forCluster(milvus).listener(listener).build();
    }

    private ObjectNode show(UpgradePlan plan) {
        String document = plan.toJson();
        synchronized (this) {
            plans.put(plan.digest(), document);
            if (plans.size() > MOST_PLANS) {
                plans.remove(plans.keySet().iterator().next());
            }
        }
        ObjectNode shown = JSON.createObjectNode();
        shown.put("digest", plan.digest());
        shown.put("description", plan.describe());
        try {
            shown.set("plan", JSON.readTree(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a plan wrote itself as broken JSON", e);
        }
        return shown;
    }

    private static void execute(Upgrader upgrader, UpgradePlan plan, TrackedRun run) {
        try {
            upgrader.execute(plan, run.cancellation());
        } catch (RuntimeException e) {
            run.broke(e);
        }
    }

    private static RunId begun(TrackedRun run) {
        try {
            return run.id().get(BEGIN.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the run has not begun within " + BEGIN.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the run was beginning; it goes on", e);
        }
    }
}
