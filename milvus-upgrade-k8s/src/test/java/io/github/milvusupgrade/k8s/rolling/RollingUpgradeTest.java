package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.testing.TestBed;
import org.junit.jupiter.api.Nested;

/** Every contract of the rolling path, on the rehearsal cluster. */
class RollingUpgradeTest {

    @Nested
    class Order extends OrderContract {
        Order() {
            super(TestBed::rehearsal);
        }
    }

    @Nested
    class Stall extends StallContract {
        Stall() {
            super(TestBed::rehearsal);
        }
    }

    @Nested
    class Rollback extends RollbackContract {
        Rollback() {
            super(TestBed::rehearsal);
        }
    }

    @Nested
    class Interference extends InterferenceContract {
        Interference() {
            super(TestBed::rehearsal);
        }
    }

    @Nested
    class Resume extends ResumeContract {
        Resume() {
            super(TestBed::rehearsal);
        }
    }

    @Nested
    class Lock extends LockContract {
        Lock() {
            super(TestBed::rehearsal);
        }
    }

    @Nested
    class Topology extends TopologyContract {
        Topology() {
            super(TestBed::rehearsal);
        }
    }

    @Nested
    class OfficialScript extends OfficialScriptContract {
        OfficialScript() {
            super(TestBed::rehearsal);
        }
    }

    @Nested
    class Profile extends ProfileContract {
        Profile() {
            super(TestBed::rehearsal);
        }
    }

    @Nested
    class Blind extends BlindContract {
        Blind() {
            super(TestBed::rehearsal);
        }
    }
}
