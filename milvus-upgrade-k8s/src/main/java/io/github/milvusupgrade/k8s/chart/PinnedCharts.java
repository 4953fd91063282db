package io.github.milvusupgrade.k8s.chart;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The charts that were published for Milvus 2.1 and later, as far as this release of the library knows: what to fall
 * back on without a network. Kept in {@code pinned-charts.txt}, which names its source.
 */
public final class PinnedCharts {

    private PinnedCharts() {}

    /** All of them, the newest first, without addresses and digests. */
    public static List<ChartVersion> versions() {
        return TextTable.rows(PinnedCharts.class, "pinned-charts.txt").stream()
                .flatMap(PinnedCharts::row)
                .sorted(ChartVersion.NEWEST_FIRST)
                .toList();
    }

    /** A Milvus version, then charts and ranges of charts. */
    private static Stream<ChartVersion> row(List<String> words) {
        String milvus = words.get(0);
        return words.stream()
                .skip(1)
                .flatMap(PinnedCharts::range)
                .map(version -> new ChartVersion(
                        ChartFinder.MILVUS, version, milvus, List.of(), Optional.empty(), Optional.empty()));
    }

    /** {@code 4.0.26-28} or {@code 4.0.29}. */
    private static Stream<String> range(String word) {
        int dot = word.lastIndexOf('.') + 1;
        String[] patches = word.substring(dot).split("-");
        return IntStream.rangeClosed(Integer.parseInt(patches[0]), Integer.parseInt(patches[patches.length - 1]))
                .mapToObj(patch -> word.substring(0, dot) + patch);
    }
}
