package io.github.milvusupgrade.plan;

import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.step.UpgradeStep;
import java.util.List;
import java.util.Locale;

/** A plan as people read it: hops with their rules, numbered steps with their way back, the point of no return. */
final class PlanText {

    private static final String NO_WAY_BACK = "  ---------------- no way back below this line ----------------\n";

    private PlanText() {}

    static String of(UpgradePlan plan) {
        StringBuilder text = new StringBuilder();
        text.append(title(plan));
        int width = plan.steps().stream()
                .mapToInt(planned -> planned.step().summary().length())
                .max()
                .orElse(0);
        StepId firstWithoutWayBack = plan.pointOfNoReturn().orElse(null);
        int hop = -1;
        int number = 0;
        for (List<PlannedStep> stage : plan.stages()) {
            for (PlannedStep planned : stage) {
                if (planned.hop() != hop) {
                    hop = planned.hop();
                    text.append(heading(plan, hop));
                }
                UpgradeStep step = planned.step();
                if (step.id().equals(firstWithoutWayBack)) {
                    text.append(NO_WAY_BACK);
                }
                number++;
                text.append(String.format(
                                        Locale.ROOT,
                                        "  %2d%s %-" + Math.max(width, 1) + "s  %s",
                                        number,
                                        stage.size() > 1 ? "∥" : " ",
                                        step.summary(),
                                        wayBack(step))
                                .stripTrailing())
                        .append('\n');
                step.gates()
                        .forEach(
                                gate -> text.append("      gate: ").append(gate).append('\n'));
            }
        }
        return text.toString();
    }

    private static String title(UpgradePlan plan) {
        String what = plan.rollbackOf()
                .map(run -> "roll back run " + run + " (" + plan.path().from() + " -> "
                        + plan.path().to() + ")")
                .orElse(plan.path().from() + " -> " + plan.path().to());
        return String.format(
                Locale.ROOT,
                "Milvus %s  %s   %d hop%s, %d steps, plan %s\n",
                plan.cluster(),
                what,
                plan.path().hops().size(),
                plan.path().hops().size() == 1 ? "" : "s",
                plan.steps().size(),
                plan.digest().substring(0, 12));
    }

    private static String heading(UpgradePlan plan, int index) {
        Hop hop = plan.path().hops().get(index);
        return String.format(
                Locale.ROOT,
                "hop %d  %s -> %s  %s, rule %s\n",
                index + 1,
                hop.from(),
                hop.to(),
                hop.kind(),
                hop.ruleId());
    }

    private static String wayBack(UpgradeStep step) {
        Undo undo = step.undo();
        String atOnce = step.onFailure() == OnFailure.TAKE_BACK ? "if it fails, the run is taken back at once" : "";
        if (undo instanceof Undo.By by) {
            return "undo: " + by.summary() + (atOnce.isEmpty() ? "" : "; " + atOnce);
        }
        if (undo instanceof Undo.Impossible impossible) {
            return "no undo: " + impossible.summary();
        }
        return atOnce;
    }
}
