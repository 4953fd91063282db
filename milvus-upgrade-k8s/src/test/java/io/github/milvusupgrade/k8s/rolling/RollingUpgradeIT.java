package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.testing.RealCluster;
import io.github.milvusupgrade.k8s.testing.TestBed;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every contract of the rolling path, on a real API server with real controllers. */
class RollingUpgradeIT {

    private static TestBed realCluster() {
        return TestBed.real(RealCluster.orSkip());
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Order extends OrderContract {
        Order() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Stall extends StallContract {
        Stall() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Rollback extends RollbackContract {
        Rollback() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Interference extends InterferenceContract {
        Interference() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Resume extends ResumeContract {
        Resume() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Lock extends LockContract {
        Lock() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Topology extends TopologyContract {
        Topology() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class OfficialScript extends OfficialScriptContract {
        OfficialScript() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Profile extends ProfileContract {
        Profile() {
            super(RollingUpgradeIT::realCluster);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Blind extends BlindContract {
        Blind() {
            super(RollingUpgradeIT::realCluster);
        }
    }
}
