package io.github.milvusupgrade.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileJournalTest {

    private static final ClusterId CLUSTER = new ClusterId("default", "my-release");
    private static final RunId RUN = RunId.of("r1");
    private static final JournalHeader HEADER = JournalContract.header("r1", "2026-11-22T18:00:00Z");
    private static final JournalEntry FIRST = JournalContract.started("10", StepId.of("first"));
    private static final JournalEntry SECOND = JournalContract.started("20", StepId.of("second"));

    @TempDir
    Path directory;

    private UpgradeJournal journal;
    private Path file;

    @BeforeEach
    void beginARun() {
        journal = UpgradeJournal.file(directory);
        file = directory.resolve("r1.journal");
        journal.begin(HEADER);
        journal.append(RUN, FIRST);
    }

    @Test
    void aJournalIsOneLineOfJsonForEachEntry() throws IOException {
        journal.append(RUN, JournalEntry.ended("2026-11-22T18:00:30Z", RunStatus.FAILED));

        assertThat(file).hasContent("""
                        {"run":"r1","cluster":{"namespace":"default","instance":"my-release"},\
                        "begunAt":"2026-11-22T18:00:00Z","plan":"{}","rollbackOf":null,"waivers":[]}
                        {"at":"2026-11-22T18:00:10Z","event":"STARTED","step":"first",\
                        "detail":{"image":"milvusdb/milvus:v2.2.4","note":"zwei\\nZeilen, 二"}}
                        {"at":"2026-11-22T18:00:30Z","event":"ENDED","detail":{"status":"FAILED"}}
                        """);
    }

    @Test
    void row27_anEntryThatWasCutOffAnywhereNeverTookEffect() throws IOException {
        int complete = (int) Files.size(file);
        journal.append(RUN, SECOND);
        byte[] whole = Files.readAllBytes(file);

        for (int length = complete; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(journal.read(RUN))
                    .as("cut after byte %d", length)
                    .contains(new JournaledRun(HEADER, List.of(FIRST)));
        }
    }

    @Test
    void whatWasCutOffDoesNotSpoilTheNextEntry() throws IOException {
        byte[] start = "{\"at\":\"2026-11-22T18:00:15Z\",\"event\":\"APPL".getBytes(StandardCharsets.UTF_8);
        Files.write(file, start, StandardOpenOption.APPEND);

        journal.append(RUN, SECOND);

        assertThat(journal.read(RUN)).contains(new JournaledRun(HEADER, List.of(FIRST, SECOND)));
    }

    @Test
    void row27_aRunWhoseHeaderWasCutOffNeverBegan() throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 40));

        assertThat(journal.read(RUN)).isEmpty();
        assertThat(journal.runs(CLUSTER)).isEmpty();
        assertThatThrownBy(() -> journal.append(RUN, SECOND))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.RUN_UNKNOWN))
                .hasMessage("There is no journal " + file
                        + ": the run was never begun here. Check the directory of the journal.");
        journal.begin(JournalContract.header("r2", "2026-11-22T18:00:01Z"));
        assertThat(journal.unfinished(CLUSTER))
                .map(run -> run.header().run().value())
                .contains("r2");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " -> ",
            quoteCharacter = '`',
            value = {
                "{\"at\": -> Unexpected end-of-input",
                "{} -> Cannot construct instance of",
                "null -> a line says null",
                "{\"at\":\"t\",\"event\":\"STARTED\"} -> every event but the end belongs to a step",
                "{\"at\":\"t\",\"event\":\"ENDED\"} -> the end of a run says how it stands",
                "{\"at\":\"t\",\"event\":\"ENDED\",\"detail\":{\"status\":\"PAUSED\"}} -> No enum constant",
                "{\"at\":\"t\",\"event\":\"PAUSED\",\"step\":\"first\"} -> not one of the values accepted for Enum class",
                "{\"at\":\"t\",\"event\":\"APPLIED\",\"step\":\"first\"} {} -> Trailing token",
                "{\"at\":\"t\",\"event\":\"APPLIED\",\"step\":\"first\",\"by\":\"me\"} -> Unrecognized field \"by\"",
            })
    void row35_aLineThatIsDamagedOrOfANewerReleaseIsRefusedWithItsFile(String line, String why) throws IOException {
        Files.writeString(file, line + "\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> journal.runs(CLUSTER))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.JOURNAL_UNREADABLE))
                .hasMessageStartingWith(
                        "Cannot read the journal in " + file + ": it is damaged or was written by a newer release (")
                .hasMessageContaining(why)
                .hasMessageEndingWith(
                        "). Use the release that wrote it; if it is damaged, compare the instance with the"
                                + " plan by hand and remove it.");
    }

    @Test
    void row35_bytesThatAreNoTextAreRefusedWithTheirFile() throws IOException {
        Files.write(file, new byte[] {(byte) 0xff, '\n'}, StandardOpenOption.APPEND);

        assertThatThrownBy(() -> journal.read(RUN))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.JOURNAL_UNREADABLE))
                .hasMessage("Cannot read the journal " + file
                        + ": java.nio.charset.MalformedInputException: Input length = 1. Fix its permissions; if it is"
                        + " damaged, compare the instance with the plan by hand and remove it.");
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
        Path occupied = Files.writeString(directory.resolve("occupied"), "a file");

        assertThatThrownBy(() -> UpgradeJournal.file(occupied).begin(HEADER))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.JOURNAL_WRITE_FAILED))
                .hasMessage("Cannot write the journal " + occupied + ": java.nio.file.FileAlreadyExistsException: "
                        + occupied
                        + ". Nothing was changed that is not recorded; make room or fix the permissions, then"
                        + " resume.");
    }

    @Test
    void otherFilesInTheDirectoryAreLeftAlone() throws IOException {
        Files.writeString(directory.resolve("README"), "not a journal");

        assertThat(journal.runs(CLUSTER)).hasSize(1);
    }

    @Test
    void aRunIsBegunOnce() {
        journal.append(RUN, JournalEntry.ended("2026-11-22T18:00:30Z", RunStatus.SUCCEEDED));

        assertThatThrownBy(() -> journal.begin(HEADER))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.JOURNAL_WRITE_FAILED));
        assertThat(journal.read(RUN).orElseThrow().captured(StepId.of("first"))).contains(Map.copyOf(FIRST.detail()));
    }
}
