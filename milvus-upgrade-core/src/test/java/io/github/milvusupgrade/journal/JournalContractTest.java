package io.github.milvusupgrade.journal;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class JournalContractTest {

    @Nested
    class InMemory extends JournalContract {
        private final UpgradeJournal journal = UpgradeJournal.inMemory();

        @Override
        UpgradeJournal journal() {
            return journal;
        }
    }

    @Nested
    class OfFiles extends JournalContract {
        @TempDir
        Path directory;

        private UpgradeJournal journal;

        @Override
        UpgradeJournal journal() {
            if (journal == null) {
                journal = UpgradeJournal.file(directory.resolve("not/there/yet"));
            }
            return journal;
        }
    }

    /** Each call is one of a new process on the same directory. */
    @Nested
    class OfFilesByManyProcesses extends JournalContract {
        @TempDir
        Path directory;

        @Override
        UpgradeJournal journal() {
            return UpgradeJournal.file(directory);
        }
    }
}
