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
}
