/**
 * Whether a component serves after it was rolled, which Kubernetes cannot tell: gates stand between the steps, ask
 * Milvus itself, and stop the upgrade before the next component suffers. Where Milvus cannot be seen, a time of rest
 * takes their place, and plan and report say so. Not for callers of the library.
 */
@NullMarked
package io.github.milvusupgrade.k8s.gate;

import org.jspecify.annotations.NullMarked;
