/**
 * The rolling path: make coordinators active-standby, then roll one component after the other in the order of the hop,
 * then look whether everything runs the target. What {@code rollingUpdate.sh} does
 * (milvus-io/milvus:deployments/upgrade), found by label instead of by name, watched, journaled and reversible. Not for
 * callers of the library.
 */
@NullMarked
package io.github.milvusupgrade.k8s.rolling;

import org.jspecify.annotations.NullMarked;
