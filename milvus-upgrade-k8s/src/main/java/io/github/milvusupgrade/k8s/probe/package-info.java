/**
 * Milvus as it sees itself, asked through the API server alone: the state of each role in a pod, and its metrics. What
 * differs between versions is data with its source; what cannot be seen is an answer with its reason, never an
 * exception. Not for callers of the library.
 */
@NullMarked
package io.github.milvusupgrade.k8s.probe;

import org.jspecify.annotations.NullMarked;
