package io.github.milvusupgrade.path;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import java.util.Optional;

/**
 * MySQL could hold the metadata from 2.1.0 on and no longer from 2.2.15 and 2.3.2 on, by their release notes; and the
 * migration to 2.2 reads etcd alone ({@code milvus-io/milvus:deployments/migrate-meta/migrate.sh}).
 */
record MetastoreIsEtcd() implements Check {

    @Override
    public String id() {
        return "P23-metastore";
    }

    @Override
    public String title() {
        return "the metadata is in etcd";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Optional<String> metastore = snapshot.fact(ClusterSnapshot.METASTORE);
        if (metastore.isEmpty()) {
            return Finding.unknown(
                    id(),
                    "Where " + snapshot.id() + " keeps its metadata could not be read.",
                    "Make the configuration of the instance readable, or waive " + id() + " if it is etcd.");
        }
        if (!metastore.get().equals("etcd")) {
            return Finding.fail(
                    id(),
                    "The metadata of " + snapshot.id() + " is in " + metastore.get()
                            + ", which the target version cannot read.",
                    "Install the target version beside it with etcd, and copy the data.");
        }
        return Finding.pass(id(), "The metadata is in etcd.");
    }
}
