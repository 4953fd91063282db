package io.github.milvusupgrade.k8s.chart;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An unpacked chart as its files by path. Links are not followed, and hidden files and folders are left out, which is
 * what the {@code .helmignore} that Helm writes for a new chart says for the most part; the file itself is not read.
 */
final class ChartFolder {

    private ChartFolder() {}

    static Map<String, byte[]> files(Path folder) throws IOException {
        Budget budget = new Budget();
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> regular = paths.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .filter(path -> !isHidden(folder.relativize(path)))
                    .toList();
            for (Path file : regular) {
                budget.take(Files.size(file));
                files.put(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
            return files;
        } catch (TarGzip.MalformedException e) {
            throw new UpgradeException(
                    Code.CHART_UNUSABLE,
                    "The chart " + folder + " cannot be used: " + e.why() + ". Check that it is a chart.",
                    e);
        }
    }

    /** Packs it as {@code helm package} does. */
    static byte[] pack(Path folder, String chart) throws IOException {
        Map<String, byte[]> packed = new TreeMap<>();
        files(folder).forEach((path, content) -> packed.put(chart + "/" + path, content));
        return TarGzip.pack(packed);
    }

    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
