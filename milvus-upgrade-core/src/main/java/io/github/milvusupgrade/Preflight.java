package io.github.milvusupgrade;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.plan.PlannedStep;
import io.github.milvusupgrade.plan.PreflightReport;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.plan.Waiver;
import io.github.milvusupgrade.step.StepId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Examines every check of a plan against a fresh snapshot, and applies the waivers. Changes nothing. */
final class Preflight {

    private final MilvusCluster cluster;
    private final List<Waiver> waivers;

    Preflight(MilvusCluster cluster, List<Waiver> waivers) {
        this.cluster = cluster;
        this.waivers = waivers;
    }

    /**
     * Examine a plan.
     *
     * @param touched the steps that its run has begun already; the way back of a run always goes on from where it was
     */
    PreflightReport of(UpgradePlan plan, Set<StepId> touched) {
        boolean begun = !touched.isEmpty() || plan.rollbackOf().isPresent();
        ClusterSnapshot now = cluster.inspect();
        List<Check> checks = new ArrayList<>();
        if (!begun) {
            checks.add(new PlanStillTrue(plan));
            plan.path().hops().forEach(hop -> checks.addAll(hop.conditions()));
        }
        checks.addAll(cluster.checksFor(plan, begun));
        plan.steps().stream()
                .map(PlannedStep::step)
                .filter(step -> !touched.contains(step.id()))
                .forEach(step -> checks.addAll(step.checks()));
        return new PreflightReport(
                checks.stream().map(check -> waive(examine(check, now))).toList());
    }

    private static Finding examine(Check check, ClusterSnapshot now) {
        try {
            return check.examine(now);
        } catch (RuntimeException e) {
            return Finding.unknown(
                    check.id(),
                    "The check \"" + check.title() + "\" could not be decided: " + e + ".",
                    "Make it decidable, or waive " + check.id() + " with a reason.");
        }
    }

    private Finding waive(Finding finding) {
        if (!finding.blocks()) {
            return finding;
        }
        Optional<Waiver> waiver = waivers.stream()
                .filter(candidate -> candidate.check().equals(finding.check()))
                .findFirst();
        return waiver.map(found -> finding.waived(found.reason())).orElse(finding);
    }
}
