package io.github.milvusupgrade.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.step.RunId;
import org.junit.jupiter.api.Test;

class RunLockTest {

    private static final ClusterId MINE = new ClusterId("default", "my-release");
    private static final ClusterId OTHER = new ClusterId("default", "other");

    private final RunLock lock = RunLock.inProcess();

    @Test
    void oneRunHoldsItUntilItGivesItBack() throws InterruptedException {
        try (RunLock.Held held = lock.acquire(MINE, RunId.of("r1"))) {
            assertThatCode(held::ensureHeld).doesNotThrowAnyException();
            assertThatThrownBy(() -> lock.acquire(MINE, RunId.of("r2")))
                    .isInstanceOfSatisfying(
                            RunConflictException.class,
                            e -> assertThat(e.code()).isEqualTo(Code.LOCK_HELD))
                    .hasMessage("Cannot take the lock of default/my-release: it is held by run r1 of this process. Wait"
                            + " until that process is done, or stop it: its lock then expires by itself.");
        }
        lock.acquire(MINE, RunId.of("r2")).close();
    }

    @Test
    void instancesHaveALockEach() throws InterruptedException {
        try (RunLock.Held mine = lock.acquire(MINE, RunId.of("r1"));
                RunLock.Held other = lock.acquire(OTHER, RunId.of("r1"))) {
            assertThat(mine.fence()).isEqualTo(other.fence());
        }
    }
}
