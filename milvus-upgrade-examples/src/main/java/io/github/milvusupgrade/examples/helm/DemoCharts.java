package io.github.milvusupgrade.examples.helm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Two charts that come along with the example, unpacked into a folder as a repository without a server. */
final class DemoCharts {

    private static final List<String> FILES =
            List.of("Chart.yaml", "values.yaml", "templates/config.yaml", "templates/components.yaml");

    private DemoCharts() {}

    /** Unpacks both; answers the folder. */
    static Path unpackInto(Path folder) throws IOException {
        for (String chart : List.of("milvus-4.0.6", "milvus-4.0.34")) {
            for (String file : FILES) {
                Path target = folder.resolve(chart).resolve(file);
                Files.createDirectories(target.getParent());
                try (InputStream content = DemoCharts.class.getResourceAsStream("/charts/" + chart + "/" + file)) {
                    if (content == null) {
                        throw new IOException("The example comes without " + chart + "/" + file + ".");
                    }
                    Files.copy(content, target);
                }
            }
        }
        return folder;
    }
}
