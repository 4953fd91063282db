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

    @Nested
    class Interference extends InterferenceContract {
        Interference() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    class Resume extends ResumeContract {
        Resume() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    class Lock extends LockContract {
        Lock() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    class Topology extends TopologyContract {
        Topology() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    class OfficialScript extends OfficialScriptContract {
        OfficialScript() {
            super(RollingUpgradeIT::realCluster);
        }
    }
}
