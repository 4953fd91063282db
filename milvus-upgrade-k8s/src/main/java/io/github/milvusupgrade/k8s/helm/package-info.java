/**
 * How Helm is called: one interface, and two ways to do it, the {@code helm} program and Helm inside this process.
 *
 * <p>Helm renders and applies; nothing more is left to it. It never waits for a rollout, because this library watches
 * rollouts itself and can say why one is stuck; it never merges values, because what {@code --reuse-values} merges
 * depends on the old chart; and it never chooses a cluster, because what it finds in the environment of this process
 * may be another one.
 */
@NullMarked
package io.github.milvusupgrade.k8s.helm;

import org.jspecify.annotations.NullMarked;
