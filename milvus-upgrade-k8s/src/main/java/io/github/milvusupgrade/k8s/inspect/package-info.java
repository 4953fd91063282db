/**
 * Finding out what runs: which Deployments belong to a Milvus instance, which part of Milvus each of them is, with
 * which image and configuration. Found by label and by what the containers run, never by a name that is only assumed.
 * Reads only. Not for callers of the library.
 */
@NullMarked
package io.github.milvusupgrade.k8s.inspect;

import org.jspecify.annotations.NullMarked;
