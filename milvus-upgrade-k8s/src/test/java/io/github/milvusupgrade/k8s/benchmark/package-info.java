/** Measurements: what an upgrade costs beside the rollouts themselves, and how many fit into one small JVM. */
package io.github.milvusupgrade.k8s.benchmark;
