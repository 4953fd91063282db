package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.run.UpgradeReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where reports are kept as files: JSON for machines, Markdown for a pull request or a wiki page. */
final class Reports {

    private @Nullable Path directory;

    private Reports(@Nullable Path directory) {
        this.directory = directory;
    }

    /** Keep reports in a directory that is made if need be; by default in a temporary one. */
    static Reports in(Optional<Path> directory) {
        return new Reports(directory.orElse(null));
    }

    /** Write both forms, named after the run; answers the files. */
    List<Path> write(UpgradeReport report) throws IOException {
        directory =
                directory == null ? Files.createTempDirectory("milvus-upgrade-") : Files.createDirectories(directory);
        return List.of(
                Files.writeString(directory.resolve(report.run() + ".json"), report.toJson()),
                Files.writeString(directory.resolve(report.run() + ".md"), report.toMarkdown()));
    }
}
