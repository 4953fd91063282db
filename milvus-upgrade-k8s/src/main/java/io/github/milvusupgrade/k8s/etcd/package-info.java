/**
 * Asking the etcd of an instance, through {@code etcdctl} in a pod: no network path to etcd is needed. Not for callers
 * of the library.
 */
@NullMarked
package io.github.milvusupgrade.k8s.etcd;

import org.jspecify.annotations.NullMarked;
