/**
 * What must be true before an upgrade may start: one class for each check, each a function of what it reads, none of
 * which changes anything. The ids are stable; {@code docs/preflight.md} explains each of them.
 */
@NullMarked
package io.github.milvusupgrade.k8s.preflight;

import org.jspecify.annotations.NullMarked;
