package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.testing.TestBed;

/** The contract on the rehearsal cluster. */
class RollingUpgradeTest extends RollingUpgradeContract {

    @Override
    TestBed open() {
        return TestBed.rehearsal();
    }
}
