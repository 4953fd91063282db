/**
 * What a run keeps in the cluster, beside the instance it upgrades: the lock against a second run (a Lease) and the
 * journal (a ConfigMap for each run). Both carry the labels of {@link io.github.milvusupgrade.k8s.state.StateLabels}.
 * Not for callers of the library.
 */
@NullMarked
package io.github.milvusupgrade.k8s.state;

import org.jspecify.annotations.NullMarked;
