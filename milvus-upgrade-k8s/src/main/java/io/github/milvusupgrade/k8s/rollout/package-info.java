/**
 * When a Deployment is rolled out, and why it is not. Done means more here than for {@code kubectl rollout status}: the
 * controller has seen the very change that was made, every wanted pod is new and available, and no old pod is left, not
 * even one that is terminating, because an old query node that still runs breaks the next component of Milvus
 * (milvus-io/milvus#42492). Not for callers of the library.
 */
@NullMarked
package io.github.milvusupgrade.k8s.rollout;

import org.jspecify.annotations.NullMarked;
