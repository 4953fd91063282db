package io.github.milvusupgrade;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.path.UpgradePath;
import io.github.milvusupgrade.path.UpgradePathRules;
import io.github.milvusupgrade.plan.PlanCustomizer;
import io.github.milvusupgrade.plan.PlanDocument;
import io.github.milvusupgrade.plan.PlannedStep;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes plans: from what runs, from a document, or from what a run has done. Reads only. */
final class Planner {

    private final MilvusCluster cluster;
    private final UpgradePathRules rules;
    private final List<PlanCustomizer> customizers;
    private final @Nullable MilvusVersion statedVersion;
    private final RememberedRuns remembered;

    Planner(
            MilvusCluster cluster,
            UpgradePathRules rules,
            List<PlanCustomizer> customizers,
            @Nullable MilvusVersion statedVersion,
            RememberedRuns remembered) {
        this.cluster = cluster;
        this.rules = rules;
        this.customizers = customizers;
        this.statedVersion = statedVersion;
        this.remembered = remembered;
    }

    UpgradePlan plan(MilvusVersion target, Optional<ImageReference> image) {
        image.ifPresent(chosen -> refuseOtherVersion(target, chosen));
        ClusterSnapshot found = cluster.inspect();
        MilvusVersion from = source(found);
        ClusterSnapshot prepared = cluster.prepare(rules.resolve(from, target), found);
        return plan(prepared, from, target, image);
    }

    UpgradePlan restore(PlanDocument document) {
        document.rollbackOf().ifPresent(remembered::revocable);
        return again(document);
    }

    /** The plan of a run that was begun: whether it might still be begun is not asked. */
    UpgradePlan planOf(JournaledRun run) {
        return again(PlanDocument.parse(run.header().plan()));
    }

    /** Refuse a plan that this planner would not make again: its run could be neither resumed nor taken back. */
    void refuseUnrepeatable(UpgradePlan plan) {
        restore(PlanDocument.parse(plan.toJson()));
    }

    UpgradePlan rollback(RunId run) {
        return rollbackOf(remembered.revocable(run));
    }

    private UpgradePlan again(PlanDocument document) {
        UpgradePlan plan = document.rollbackOf()
                .map(original -> rollbackOf(remembered.known(original)))
                .orElseGet(() -> plan(document.snapshot(), document.from(), document.to(), document.image()));
        if (!plan.digest().equals(document.digest())) {
            throw new UpgradeException(
                    Code.PLAN_CHANGED,
                    "The plan for " + cluster.id() + " was " + document.digest().substring(0, 12)
                            + ", but this upgrader now makes " + plan.digest().substring(0, 12)
                            + document.rollbackOf()
                                    .map(run -> ": run " + run + " went on since, or its rollback was edited."
                                            + " Plan the rollback again.")
                                    .orElse(" from the same facts: its rules, customizers, options or release differ."
                                            + " Use the configuration that made the plan, with every change to it in"
                                            + " Upgrader.Builder.customize, or make and approve a new one."));
        }
        return plan;
    }

    private UpgradePlan rollbackOf(JournaledRun run) {
        RunId id = run.header().run();
        UpgradePlan done = planOf(run);
        List<PlannedStep> undoSteps = done.steps().stream()
                .filter(planned -> run.touched().contains(planned.step().id()))
                .filter(planned -> !(planned.step().undo() instanceof Undo.NotNeeded))
                .map(planned -> new PlannedStep(planned.hop(), undo(planned.step(), run)))
                .collect(Collectors.toCollection(ArrayList::new));
        if (undoSteps.isEmpty()) {
            throw new UpgradeException(
                    Code.RUN_ENDED,
                    "Run " + id + " of " + cluster.id() + " has changed nothing: there is nothing to take back."
                            + (run.status().unfinished() ? " Give it up with abandon(\"" + id + "\")." : ""));
        }
        Collections.reverse(undoSteps);
        return done.rollback(id, undoSteps);
    }

    private UpgradeStep undo(UpgradeStep step, JournaledRun run) {
        if (step.undo() instanceof Undo.By by) {
            Map<String, String> captured = run.captured(step.id()).orElseThrow();
            return new UndoStep(step, by, captured);
        }
        throw new UpgradeException(
                Code.ROLLBACK_IMPOSSIBLE,
                "Cannot roll back run " + run.header().run() + " of " + cluster.id() + ": step " + step.id() + " (\""
                        + step.summary() + "\") was begun and has no way back: "
                        + step.undo().summary()
                        + ". Go on with resume(\"" + run.header().run() + "\").");
    }

    private UpgradePlan plan(
            ClusterSnapshot snapshot, MilvusVersion from, MilvusVersion target, Optional<ImageReference> image) {
        UpgradePath path = rules.resolve(from, target);
        List<List<PlannedStep>> stages = new ArrayList<>();
        for (int i = 0; i < path.hops().size(); i++) {
            Hop hop = path.hops().get(i);
            boolean last = i == path.hops().size() - 1;
            int index = i;
            cluster.stagesFor(hop, snapshot, last ? image : Optional.empty())
                    .forEach(stage -> stages.add(stage.stream()
                            .map(step -> new PlannedStep(index, step))
                            .toList()));
        }
        UpgradePlan plan = UpgradePlan.upgrade(snapshot, path, image, stages);
        for (PlanCustomizer customizer : customizers) {
            plan = customizer.customize(plan);
        }
        return plan;
    }

    private MilvusVersion source(ClusterSnapshot snapshot) {
        List<MilvusVersion> versions = snapshot.workloads().stream()
                .map(workload -> workload.version().or(() -> Optional.ofNullable(statedVersion)))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        boolean unknown = statedVersion == null && snapshot.versions().containsKey(ClusterSnapshot.UNKNOWN_VERSION);
        if (unknown) {
            throw new UpgradeException(
                    Code.UNKNOWN_VERSION,
                    "Cannot tell the Milvus version of " + snapshot.id() + ": "
                            + unreadable(snapshot)
                            + ". State it with Upgrader.Builder.sourceVersion.");
        }
        if (versions.size() != 1) {
            throw new UpgradeException(
                    Code.MIXED_VERSIONS,
                    "Components of " + snapshot.id() + " run different versions: " + snapshot.versions() + ". "
                            + afterMixed());
        }
        return versions.get(0);
    }

    private String afterMixed() {
        return remembered
                .latestUnfinished()
                .map(run -> "Run " + run.header().run() + " is unfinished: go on with resume(\""
                        + run.header().run() + "\") or go back with planRollback(\""
                        + run.header().run() + "\").")
                .orElse("No unfinished run explains this: bring all components to one of these versions first.");
    }

    private static String unreadable(ClusterSnapshot snapshot) {
        return snapshot.workloads().stream()
                .filter(workload -> workload.version().isEmpty())
                .map(workload -> "the image " + workload.image() + " of " + workload.name() + " names no release")
                .collect(Collectors.joining(", "));
    }

    private static void refuseOtherVersion(MilvusVersion target, ImageReference image) {
        image.version().filter(version -> !version.equals(target)).ifPresent(version -> {
            throw new UpgradeException(
                    Code.TARGET_IMAGE_MISMATCH,
                    "The target is Milvus " + target + ", but the image " + image + " is Milvus " + version
                            + ". Correct one of them.");
        });
    }
}
