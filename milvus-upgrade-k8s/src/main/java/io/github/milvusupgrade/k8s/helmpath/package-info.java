/**
 * The helm path: a Helm release is upgraded in the order of its components. Every Milvus object becomes what the chart
 * makes of it, one component after the other and watched; then Helm itself makes the revision, and finds nothing left
 * to change.
 */
@NullMarked
package io.github.milvusupgrade.k8s.helmpath;

import org.jspecify.annotations.NullMarked;
