package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.path.Hop;

/**
 * What all steps of one migration know.
 *
 * @param snapshot the instance as the plan knows it
 * @param hop from where, and where to
 * @param place where the metadata is
 * @param sight how etcd is looked into
 * @param toolImage the image of the migration tool
 * @param options what the caller chose
 */
record Migration(
        ClusterSnapshot snapshot, Hop hop, MetadataPlace place, Sight sight, String toolImage, MigrateOptions options) {

    ClusterId id() {
        return snapshot.id();
    }

    boolean isBlind() {
        return sight == Sight.BLIND;
    }
}
