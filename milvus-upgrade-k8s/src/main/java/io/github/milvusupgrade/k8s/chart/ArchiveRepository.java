package io.github.milvusupgrade.k8s.chart;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One chart, packed or unpacked, as a repository that holds nothing else. */
final class ArchiveRepository implements ChartRepository {

    private final Path chart;

    ArchiveRepository(Path chart) {
        this.chart = chart;
    }

    @Override
    public String location() {
        return chart.toString();
    }

    @Override
    public List<ChartVersion> versions(String name) {
        ChartArchive archive = ChartArchive.read(chart);
        return archive.name().equals(name)
                ? List.of(new ChartVersion(
                        name,
                        archive.version(),
                        archive.appVersion(),
                        List.of(chart.toUri().toString()),
                        Optional.empty(),
                        Optional.empty()))
                : List.of();
    }

    @Override
    public Path fetch(ChartVersion version, Path directory) {
        return FetchedChart.of(version, packed(version), location()).save(directory);
    }

    private byte[] packed(ChartVersion version) {
        try {
            if (Files.isDirectory(chart)) {
                return ChartFolder.pack(chart, version.chart());
            }
            if (Files.size(chart) > ChartArchive.MAX_PACKED_BYTES) {
                throw FetchedChart.tooLarge(version, location());
            }
            return Files.readAllBytes(chart);
        } catch (IOException e) {
            throw new UpgradeException(
                    Code.CHART_UNAVAILABLE,
                    version + " cannot be read from " + chart + ": " + e + ". Check the path.",
                    e);
        }
    }

    @Override
    public String toString() {
        return location();
    }
}
