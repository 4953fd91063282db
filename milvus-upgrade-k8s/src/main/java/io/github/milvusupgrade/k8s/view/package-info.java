/**
 * Cluster objects as the upgrade reads them: one small record per kind over the JSON that the API server sent.
 *
 * <p>A view never fails on what it does not know. A field that is missing, {@code null} or of an unexpected type reads
 * as the default that Kubernetes gives it, because the cluster may be older or newer than this library. What a view
 * does not name is still there in {@link ObjectView#raw()}, unchanged.
 *
 * <p>Not for callers of the library: these types may change in any release.
 */
@NullMarked
package io.github.milvusupgrade.k8s.view;

import org.jspecify.annotations.NullMarked;
