/**
 * Which hops lead from one version to another, by which rule, and why no other. Every answer is a rule: a
 * {@link io.github.milvusupgrade.path.UpgradeRule} makes a hop, inserts a stop, or refuses, and carries its reason and
 * its source. {@link io.github.milvusupgrade.path.UpgradePathRules} asks them in order, the first that applies decides,
 * and nothing but the two versions is looked at; so a path can be computed, reviewed and approved with no cluster in
 * reach. What depends on the instance is a condition of the hop and is examined before anything runs.
 */
@NullMarked
package io.github.milvusupgrade.path;

import org.jspecify.annotations.NullMarked;
