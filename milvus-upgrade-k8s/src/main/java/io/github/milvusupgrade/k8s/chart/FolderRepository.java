package io.github.milvusupgrade.k8s.chart;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Time;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of charts: as its {@code index.yaml} says if it has one, otherwise every {@code .tgz} in it and every folder
 * with a {@code Chart.yaml}, itself included.
 */
final class FolderRepository implements ChartRepository {

    private final Path folder;

    FolderRepository(Path folder) {
        this.folder = folder;
    }

    @Override
    public String location() {
        return folder.toString();
    }

    @Override
    public List<ChartVersion> versions(String chart) {
        Path index = folder.resolve(IndexFile.NAME);
        try {
            if (!Files.isRegularFile(index)) {
                return charts().flatMap(repository -> repository.versions(chart).stream())
                        .sorted(ChartVersion.NEWEST_FIRST)
                        .toList();
            }
            if (Files.size(index) > IndexFile.MAX_BYTES) {
                throw IndexFile.tooLarge(index.toString());
            }
            return IndexFile.versions(Files.readAllBytes(index), index.toString(), chart);
        } catch (IOException e) {
            throw new UpgradeException(
                    Code.CHART_UNAVAILABLE,
                    "The charts in " + folder + " cannot be read: " + e + ". Check the path.",
                    e);
        }
    }

    @Override
    public Path fetch(ChartVersion version, Path directory) {
        return local(version)
                .map(chart -> chart.fetch(version, directory))
                .orElseGet(() -> elsewhere(version, directory));
    }

    /** A mirror keeps the charts beside an index that still names the addresses they came from. */
    private Optional<ArchiveRepository> local(ChartVersion version) {
        for (String url : version.urls()) {
            String name = url.substring(url.lastIndexOf('/') + 1);
            for (String candidate : List.of(url, name)) {
                Optional<Path> file = inFolder(candidate);
                if (file.isPresent()) {
                    return file.map(ArchiveRepository::new);
                }
            }
        }
        return chartOf(version);
    }

    private Optional<Path> inFolder(String relative) {
        Path root = folder.toAbsolutePath().normalize();
        return Optional.of(relative)
                .filter(path -> !path.isEmpty() && !path.contains(":") && path.indexOf('\0') < 0)
                .map(path -> root.resolve(path).normalize())
                .filter(path -> path.startsWith(root) && Files.isRegularFile(path));
    }

    private Optional<ArchiveRepository> chartOf(ChartVersion version) {
        if (Files.isRegularFile(folder.resolve(IndexFile.NAME))) {
            return Optional.empty();
        }
        try {
            return charts().filter(chart -> chart.versions(version.chart()).stream()
                            .anyMatch(found -> found.version().equals(version.version())))
                    .findFirst();
        } catch (IOException e) {
            throw new UpgradeException(
                    Code.CHART_UNAVAILABLE,
                    "The charts in " + folder + " cannot be read: " + e + ". Check the path.",
                    e);
        }
    }

    private Path elsewhere(ChartVersion version, Path directory) {
        URI home = folder.toUri();
        HttpDownload download = new HttpDownload(home, Optional.empty(), REQUEST_TIME);
        return HttpRepository.fetch(version, directory, new PatientDownload(download, Time.system()), home);
    }

    private Stream<ArchiveRepository> charts() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> charts = Stream.concat(Stream.of(folder), entries.sorted())
                    .filter(path -> Files.isDirectory(path)
                            ? Files.isRegularFile(path.resolve("Chart.yaml"))
                            : path.toString().endsWith(".tgz"))
                    .toList();
            return charts.stream().map(ArchiveRepository::new);
        }
    }

    @Override
    public String toString() {
        return location();
    }
}
