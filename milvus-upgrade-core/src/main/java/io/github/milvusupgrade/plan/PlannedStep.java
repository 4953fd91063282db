package io.github.milvusupgrade.plan;

import io.github.milvusupgrade.step.UpgradeStep;

/**
 * A step in its place.
 *
 * @param hop the index of the hop in the path that the step belongs to, from 0
 * @param step what will be done
 */
public record PlannedStep(int hop, UpgradeStep step) {}
