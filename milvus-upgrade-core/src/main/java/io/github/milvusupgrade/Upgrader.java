package io.github.milvusupgrade;

import io.github.milvusupgrade.availability.AvailabilityWatch;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.JournalEntry;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.path.UpgradePathRules;
import io.github.milvusupgrade.plan.PlanCustomizer;
import io.github.milvusupgrade.plan.PlanDocument;
import io.github.milvusupgrade.plan.PreflightReport;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.plan.Waiver;
import io.github.milvusupgrade.run.Cancellation;
import io.github.milvusupgrade.run.UpgradeListener;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Upgrades one Milvus instance: {@link #inspect} what runs, {@link #plan} the way, {@link #preflight} it,
 * {@link #execute} it; {@link #resume} a run whose process died or that failed, take it back with
 * {@link #planRollback}, or {@link #abandon} it.
 *
 * <p>Immutable and safe for many threads. Every call blocks until it is done, can be interrupted, and keeps to
 * deadlines; no thread is created unless an executor is passed in. Reading methods change nothing anywhere.
 *
 * <pre>{@code
 * Upgrader upgrader = Upgrader.forCluster(milvus).build();
 * UpgradePlan plan = upgrader.plan(MilvusVersion.parse("2.2.16"));
 * System.out.println(plan.describe());
 * upgrader.execute(plan).throwIfFailed();
 * }</pre>
 */
public final class Upgrader {

    private final MilvusCluster cluster;
    private final Planner planner;
    private final UpgradeJournal journal;
    private final RememberedRuns remembered;
    private final List<Waiver> waivers;
    private final List<UpgradeListener> listeners;
    private final Clock clock;
    private final OnFailure onFailure;
    private final Optional<AvailabilityWatch> availability;
    private final @Nullable Executor executor;

    private Upgrader(Builder builder) {
        this.cluster = builder.cluster;
        this.journal = builder.journal == null ? builder.cluster.journal() : builder.journal;
        this.remembered = new RememberedRuns(builder.cluster.id(), journal);
        this.planner = new Planner(
                builder.cluster, builder.rules, List.copyOf(builder.customizers), builder.sourceVersion, remembered);
        this.waivers = List.copyOf(builder.waivers);
        this.listeners = List.copyOf(builder.listeners);
        this.clock = builder.clock;
        this.onFailure = builder.onFailure;
        this.availability = Optional.ofNullable(builder.availability);
        this.executor = builder.executor;
    }

    /** Begin to configure an upgrader; every setting has a default. */
    public static Builder forCluster(MilvusCluster cluster) {
        return new Builder(cluster);
    }

    /** Find out what runs. */
    public ClusterSnapshot inspect() {
        return cluster.inspect();
    }

    /**
     * Plan the upgrade to a version, with the image that the instance uses now and the tag of that version.
     *
     * @throws io.github.milvusupgrade.path.NoUpgradePathException if no rule leads there
     * @throws UpgradeException if the instance cannot be found, read, or told a version of
     */
    public UpgradePlan plan(MilvusVersion target) {
        return planner.plan(target, Optional.empty());
    }

    /**
     * Plan the upgrade to a version that comes in an image of your own, such as one from a private registry.
     *
     * @throws UpgradeException as {@link #plan(MilvusVersion)}, and with {@link Code#TARGET_IMAGE_MISMATCH} if the tag
     *     of the image names another version
     */
    public UpgradePlan plan(MilvusVersion target, ImageReference image) {
        return planner.plan(target, Optional.of(image));
    }

    /**
     * Make a plan again from what {@link UpgradePlan#toJson} wrote, for example after it was approved elsewhere.
     *
     * @throws UpgradeException with {@link Code#PLAN_CHANGED} if this upgrader would now plan something else
     */
    public UpgradePlan restore(String planJson) {
        return planner.restore(PlanDocument.parse(planJson));
    }

    /** Examine every check of a plan. Reads only, and may be repeated. */
    public PreflightReport preflight(UpgradePlan plan) {
        return new Preflight(cluster, waivers).of(plan, Set.of());
    }

    /** Execute a plan and return when it is over, well or not; see {@link #execute(UpgradePlan, Cancellation)}. */
    public UpgradeReport execute(UpgradePlan plan) {
        return execute(plan, Cancellation.create());
    }

    /**
     * Execute a plan and return when it is over, well or not. Preflight comes first; if it blocks, nothing is changed.
     * A failed step ends the run and leaves everything as it is: the report says how to go on and how to go back. Only
     * if the step or {@link Builder#onFailure} asks for it, what the run has done is taken back at once, by a run of
     * its own that stands in the report as {@link UpgradeReport#wayBack}.
     *
     * <p>What keeps the run from beginning is reported, too, as {@link io.github.milvusupgrade.run.Outcome#BLOCKED}:
     * another process that holds the lock ({@link Code#LOCK_HELD}), a run that is unfinished
     * ({@link Code#RUN_UNFINISHED}), or a plan that this upgrader would not make again ({@link Code#PLAN_CHANGED}).
     */
    public UpgradeReport execute(UpgradePlan plan, Cancellation cancellation) {
        return new TakeBack(this).after(plan, new Execution(this, plan, cancellation).begin());
    }

    /** Go on with a run that failed, was cancelled, or whose process died. */
    public UpgradeReport resume(RunId run) {
        return resume(run, Cancellation.create());
    }

    /**
     * Go on with a run that failed, was cancelled, or whose process died: finished steps are left alone, the one that
     * was begun is applied again, the rest follows. It is blocked while another run is unfinished, such as one that
     * takes this one back.
     *
     * @throws UpgradeException with {@link Code#RUN_UNKNOWN} or {@link Code#RUN_ENDED} if there is nothing to resume,
     *     with {@link Code#PLAN_CHANGED} if this upgrader would plan other steps than those of the run
     */
    public UpgradeReport resume(RunId run, Cancellation cancellation) {
        JournaledRun known = remembered.unfinished(run);
        UpgradePlan plan = planner.planOf(known);
        return new TakeBack(this).after(plan, new Execution(this, plan, cancellation).resume(known));
    }

    /**
     * Plan the way back from a run, whether it succeeded, failed, was cancelled or died: the undo of each step that was
     * begun, in reverse order. Execute it like any plan.
     *
     * @throws UpgradeException with {@link Code#ROLLBACK_IMPOSSIBLE} if a step that was begun cannot be undone or a
     *     later run stands on this one, with {@link Code#RUN_UNKNOWN} or {@link Code#RUN_ENDED} if there is nothing to
     *     take back
     */
    public UpgradePlan planRollback(RunId run) {
        return planner.rollback(run);
    }

    /**
     * Declare that a person takes care of an unfinished run, so that a new one may begin. Nothing is changed on the
     * instance.
     *
     * @throws UpgradeException with {@link Code#RUN_UNKNOWN} or {@link Code#RUN_ENDED} if there is nothing to abandon
     */
    public void abandon(RunId run) {
        remembered.unfinished(run);
        try (RunLock.Held held = cluster.lock().acquire(cluster.id(), run)) {
            remembered.unfinished(run);
            held.ensureHeld();
            journal.append(run, JournalEntry.ended(clock.instant().toString(), RunStatus.ABANDONED));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpgradeException(
                    Code.CANCELLED,
                    "Interrupted while waiting for the lock of " + cluster.id() + ". Nothing was changed.",
                    e);
        }
    }

    /** All remembered runs of the instance, oldest first. */
    public List<JournaledRun> runs() {
        return remembered.all();
    }

    MilvusCluster cluster() {
        return cluster;
    }

    UpgradeJournal journal() {
        return journal;
    }

    RememberedRuns remembered() {
        return remembered;
    }

    Planner planner() {
        return planner;
    }

    List<Waiver> waivers() {
        return waivers;
    }

    List<UpgradeListener> listeners() {
        return listeners;
    }

    Clock clock() {
        return clock;
    }

    OnFailure onFailure() {
        return onFailure;
    }

    Optional<AvailabilityWatch> availability() {
        return availability;
    }

    @Nullable
    Executor executor() {
        return executor;
    }

    /** Configures an {@link Upgrader}. Not for several threads. */
    public static final class Builder {

        private final MilvusCluster cluster;
        private final List<PlanCustomizer> customizers = new ArrayList<>();
        private final List<Waiver> waivers = new ArrayList<>();
        private final List<UpgradeListener> listeners = new ArrayList<>();
        private UpgradePathRules rules = UpgradePathRules.official();
        private Clock clock = Clock.systemUTC();
        private OnFailure onFailure = OnFailure.STOP;
        private @Nullable AvailabilityWatch availability;
        private @Nullable UpgradeJournal journal;
        private @Nullable Executor executor;
        private @Nullable MilvusVersion sourceVersion;

        private Builder(MilvusCluster cluster) {
            this.cluster = cluster;
        }

        /** Resolve paths by other rules than the official ones. */
        public Builder rules(UpgradePathRules rules) {
            this.rules = rules;
            return this;
        }

        /** Change every plan before it is shown, for example to add steps; in the order of the calls. */
        public Builder customize(PlanCustomizer customizer) {
            customizers.add(customizer);
            return this;
        }

        /** Remember runs elsewhere than the cluster does by itself. */
        public Builder journal(UpgradeJournal journal) {
            this.journal = journal;
            return this;
        }

        /** Tell a listener what happens; several may be added. */
        public Builder listener(UpgradeListener listener) {
            listeners.add(listener);
            return this;
        }

        /** Go on although one check blocks, because of a reason that is kept in the report. */
        public Builder waive(String check, String reason) {
            waivers.add(new Waiver(check, reason));
            return this;
        }

        /**
         * Say what becomes of a run when a step fails that has no wish of its own; by default it stops and leaves
         * everything as it is.
         */
        public Builder onFailure(OnFailure policy) {
            this.onFailure = policy;
            return this;
        }

        /**
         * Measure with probes of your own what clients of the instance see of each run, and stop a run that breaks a
         * budget, or take it back. By default nothing is measured.
         */
        public Builder watchAvailability(AvailabilityWatch watch) {
            this.availability = watch;
            return this;
        }

        /** State the version that runs, for images whose tag does not name it. A tag that does always wins. */
        public Builder sourceVersion(MilvusVersion version) {
            this.sourceVersion = version;
            return this;
        }

        /** Apply the steps of one stage at the same time, on this executor. By default they go one after the other. */
        public Builder parallel(Executor executor) {
            this.executor = executor;
            return this;
        }

        /** Tell the time by another clock; UTC by default. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** The upgrader. */
        public Upgrader build() {
            return new Upgrader(this);
        }
    }
}
