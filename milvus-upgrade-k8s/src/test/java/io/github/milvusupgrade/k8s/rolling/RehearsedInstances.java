package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RecordedRequest;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.TestBed;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One fast rehearsal cluster for any number of instances, each in a namespace of its own. */
final class RehearsedInstances implements AutoCloseable {

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(100).start();
    private final AtomicInteger namespaces = new AtomicInteger();

    RehearsalCluster cluster() {
        return cluster;
    }

    InstalledMilvus install(MilvusBlueprint blueprint) {
        String namespace = "n" + namespaces.incrementAndGet();
        cluster.createNamespace(namespace);
        TestBed.Rehearsal bed = new TestBed.Rehearsal(cluster, namespace);
        bed.install(blueprint);
        return new InstalledMilvus(bed, RollingContract.RELEASE);
    }

    /** What was written in a namespace by the library itself, in order. */
    List<RecordedRequest> writes(InstalledMilvus milvus) {
        return cluster.requests().stream()
                .filter(RecordedRequest::isWrite)
                .filter(request -> request.namespace().equals(milvus.namespace()))
                .toList();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
