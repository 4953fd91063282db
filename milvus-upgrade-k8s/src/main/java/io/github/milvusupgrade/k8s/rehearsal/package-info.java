/**
 * A Kubernetes inside this process, to rehearse an upgrade on: a namespace behaves as on a real cluster (rollouts take
 * their time, images are missing, answers get lost), yet nothing runs but the etcd and the tool of a migration, played.
 * {@link io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster} is the door.
 */
@NullMarked
package io.github.milvusupgrade.k8s.rehearsal;

import org.jspecify.annotations.NullMarked;
