package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.testing.RealCluster;
import io.github.milvusupgrade.k8s.testing.TestBed;
import org.junit.jupiter.api.Nested;

/** Every contract of the rolling path, on a real API server with real controllers. */
class RollingUpgradeIT {

    private static TestBed realCluster() {
        return TestBed.real(RealCluster.orSkip());
    }

    @Nested
    class Order extends OrderContract {
        Order() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    class Stall extends StallContract {
        Stall() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    class Rollback extends RollbackContract {
        Rollback() {
            super(RollingUpgradeIT::realCluster);
        }
    }
}
