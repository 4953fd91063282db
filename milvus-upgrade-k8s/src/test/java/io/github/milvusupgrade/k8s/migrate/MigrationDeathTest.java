package io.github.milvusupgrade.k8s.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.k8s.rehearsal.ToolFault;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows 30 and 96: the process dies at every write of the journal, and another one goes on: it ends with the new version
 * on converted metadata, or with the old version on exactly what it had.
 */
class MigrationDeathTest {

    /** Begin, two for each of nine steps, end. */
    private static final int WRITES = 20;

    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    static IntStream writes() {
        return IntStream.rangeClosed(1, WRITES);
    }

    @ParameterizedTest
    @MethodSource("writes")
    void aRunThatDiesBeforeAWriteIsResumedToItsEnd(int write) {
        dieAndSettle(write, false);
    }

    @ParameterizedTest
    @MethodSource("writes")
    void aRunThatDiesAfterAWriteIsResumedToItsEnd(int write) {
        dieAndSettle(write, true);
    }

    private static void dieAndSettle(int write, boolean kept) {
        try (RehearsedMigration milvus = new RehearsedMigration().withLease(Duration.ofSeconds(3))) {
            UpgradeJournal journal = milvus.milvus().journal();
            assertThat(die(milvus, journal, write, kept)).as("died").isTrue();
            milvus.settle(journal);
            if (write == 1 && !kept) {
                milvus.run(milvus.upgrader().build());
            }
            milvus.assertNewServesOnMigratedMetadata();
        }
    }

    static IntStream writesOfAWayBack() {
        return IntStream.rangeClosed(13, 26);
    }

    @ParameterizedTest
    @MethodSource("writesOfAWayBack")
    void aRunWhoseToolDiesAndThenItselfEndsOnTheExactOldMetadata(int write) {
        try (RehearsedMigration milvus = new RehearsedMigration().withLease(Duration.ofSeconds(3))) {
            milvus.cluster.inject(ToolFault.diesAfterClean());
            UpgradeJournal journal = milvus.milvus().journal();
            die(milvus, journal, write, true);
            milvus.settle(journal);
            milvus.assertOldServesOnItsExactMetadata();
        }
    }

    private static boolean die(RehearsedMigration milvus, UpgradeJournal journal, int write, boolean kept) {
        DyingJournal dying = new DyingJournal(journal, write, kept, () -> {
            throw new Death();
        });
        Upgrader upgrader = milvus.upgrader().journal(dying).build();
        try {
            milvus.run(upgrader);
            return false;
        } catch (Death death) {
            assertThat(dying.writes()).isEqualTo(write);
            return true;
        }
    }
}
