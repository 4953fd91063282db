package io.github.milvusupgrade;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;

/** A check that always finds the same. */
record FakeCheck(String id, Finding finding) implements Check {

    @Override
    public String title() {
        return "title of " + id;
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        return finding;
    }
}
