package io.github.milvusupgrade.journal;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.step.RunId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Remembers each run in a file of its own: the header in the first line, one entry in each further line, forced to the
 * disk before a method returns. A last line without an end is what a crash while writing leaves; it never took effect.
 */
final class FileJournal implements UpgradeJournal {

    private static final String SUFFIX = ".journal";

    private final Path directory;

    FileJournal(Path directory) {
        this.directory = directory;
    }

    @Override
    public synchronized void begin(JournalHeader header) {
        refuseConflict(header);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
        write(
                fileOf(header.run()),
                JournalLines.write(header),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
    }

    @Override
    public synchronized void append(RunId run, JournalEntry entry) {
        Path file = fileOf(run);
        dropUnfinishedLine(file);
        write(file, JournalLines.write(entry), StandardOpenOption.APPEND);
    }

    @Override
    public synchronized Optional<JournaledRun> read(RunId run) {
        return Files.exists(fileOf(run)) ? read(fileOf(run)) : Optional.empty();
    }

    @Override
    public synchronized List<JournaledRun> runs(ClusterId cluster) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .map(FileJournal::read)
                    .flatMap(Optional::stream)
                    .filter(run -> run.header().cluster().equals(cluster))
                    .sorted(JournaledRun.oldestFirst())
                    .toList();
        } catch (IOException e) {
            throw cannotRead(directory, e);
        }
    }

    private Path fileOf(RunId run) {
        return directory.resolve(run.value() + SUFFIX);
    }

    /** Empty for a file without a complete header: the process died while it began the run, so nothing was done. */
    private static Optional<JournaledRun> read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            List<String> lines = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, completeLength(bytes)))
                    .toString()
                    .lines()
                    .toList();
            if (lines.isEmpty()) {
                return Optional.empty();
            }
            JournalHeader header = JournalLines.read(lines.get(0), JournalHeader.class, file.toString());
            return Optional.of(new JournaledRun(
                    header,
                    lines.stream()
                            .skip(1)
                            .map(line -> JournalLines.read(line, JournalEntry.class, file.toString()))
                            .toList()));
        } catch (IOException e) {
            throw cannotRead(file, e);
        }
    }

    private static void dropUnfinishedLine(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            int complete = completeLength(Files.readAllBytes(file));
            if (complete == 0) {
                throw neverBegun(file);
            }
            channel.truncate(complete);
        } catch (NoSuchFileException e) {
            throw neverBegun(file);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /** How many bytes end with a line end. Counted in bytes, because a line can break off within a character. */
    private static int completeLength(byte[] bytes) {
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] != '\n') {
            length--;
        }
        return length;
    }

    private static UpgradeException neverBegun(Path file) {
        return new UpgradeException(
                Code.RUN_UNKNOWN,
                "There is no journal " + file + ": the run was never begun here. Check the directory of the journal.");
    }

    private static void write(Path file, String line, OpenOption... options) {
        try (FileChannel channel = FileChannel.open(file, options)) {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static UpgradeException cannotWrite(Path file, IOException cause) {
        return new UpgradeException(
                Code.JOURNAL_WRITE_FAILED,
                "Cannot write the journal " + file + ": " + cause
                        + ". Nothing was changed that is not recorded; make room or fix the permissions, then resume.",
                cause);
    }

    private static UpgradeException cannotRead(Path file, IOException cause) {
        return new UpgradeException(
                Code.JOURNAL_UNREADABLE,
                "Cannot read the journal " + file + ": " + cause
                        + ". Fix its permissions; if it is damaged, compare the instance with the plan by hand and remove it.",
                cause);
    }
}
