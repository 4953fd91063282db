/**
 * The gateway: everything that this library says to a Kubernetes API server goes through
 * {@link io.github.milvusupgrade.k8s.api.KubeApi}.
 *
 * <p>The official client brings credentials, TLS and the transport; objects travel as plain JSON, because its typed
 * models refuse any field that is newer than they are. The gateway adds what a tool that changes production must have:
 * retries in one place and within a deadline, no request sent twice behind our back, a write whose answer was lost is
 * settled by reading the object back, and every request is counted.
 *
 * <p>Not for callers of the library: these types are public for the other packages of this module only, and may change
 * in any release. Callers meet their own {@code ApiClient} and nothing else.
 */
@NullMarked
package io.github.milvusupgrade.k8s.api;

import org.jspecify.annotations.NullMarked;
