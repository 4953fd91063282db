package io.github.milvusupgrade.plan;

/**
 * Changes plans before they are shown: the way to add steps of your own. Called for every plan that is made, and again
 * when a run is resumed, so it must answer the same for the same plan.
 */
@FunctionalInterface
public interface PlanCustomizer {

    /** Return the plan as it shall be; the argument itself to leave it alone. */
    UpgradePlan customize(UpgradePlan plan);
}
