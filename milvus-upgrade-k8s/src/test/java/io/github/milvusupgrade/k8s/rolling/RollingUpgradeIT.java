package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.testing.RealCluster;
import io.github.milvusupgrade.k8s.testing.TestBed;

/** The contract on a real API server. */
class RollingUpgradeIT extends RollingUpgradeContract {

    @Override
    TestBed open() {
        return TestBed.real(RealCluster.orSkip());
    }
}
