/**
 * The fourth example: a Helm release is upgraded in the order of its components and says afterwards what runs, on the
 * embedded cluster and with no helm installed. Start with {@link io.github.milvusupgrade.examples.helm.ReleaseUpgrade}.
 */
@NullMarked
package io.github.milvusupgrade.examples.helm;

import org.jspecify.annotations.NullMarked;
