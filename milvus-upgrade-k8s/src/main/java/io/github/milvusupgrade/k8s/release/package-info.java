/**
 * A Helm release as Helm itself remembers it, read from its Secrets without the {@code helm} binary: which chart, which
 * values, in which state; and what the values of an upgrade have to be. Values may hold passwords: they are handed to
 * whoever needs them and never stand in a message, a log or a {@code toString}. Reads only. Not for callers of the
 * library.
 */
@NullMarked
package io.github.milvusupgrade.k8s.release;

import org.jspecify.annotations.NullMarked;
