/** The door to Kubernetes: connect to a Milvus instance and say how its upgrade is to be done. */
@NullMarked
package io.github.milvusupgrade.k8s;

import org.jspecify.annotations.NullMarked;
