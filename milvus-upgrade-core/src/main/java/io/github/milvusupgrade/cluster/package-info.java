/**
 * A Milvus instance as found: facts, and findings about them. A {@link io.github.milvusupgrade.cluster.ClusterSnapshot}
 * is what was read once; it never changes and never asks the cluster again, so a decision made from it can be repeated
 * from the journal years later. What cannot be read is absent, never guessed: an unknown version is not an old one.
 */
@NullMarked
package io.github.milvusupgrade.cluster;

import org.jspecify.annotations.NullMarked;
