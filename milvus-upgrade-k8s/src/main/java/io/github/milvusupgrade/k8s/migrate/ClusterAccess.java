package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.rollout.PodWatch;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;

/**
 * What the steps reach the cluster with.
 *
 * @param api the gateway
 * @param time what waits are measured with
 * @param rollouts watches Deployments
 * @param pods watches pods
 */
record ClusterAccess(KubeApi api, Time time, RolloutWatch rollouts, PodWatch pods) {}
