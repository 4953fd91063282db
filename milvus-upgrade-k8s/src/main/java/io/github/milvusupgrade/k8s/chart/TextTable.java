package io.github.milvusupgrade.k8s.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** A table of facts that lies beside a class as a text: words in rows, empty lines, and comments that begin with #. */
public final class TextTable {

    private TextTable() {}

    /**
     * The words of each row.
     *
     * @param beside the class that it lies beside
     * @param name the name of the file
     */
    public static List<List<String>> rows(Class<?> beside, String name) {
        try (InputStream table = beside.getResourceAsStream(name)) {
            if (table == null) {
                throw new IllegalStateException(name + " is missing beside " + beside.getName() + ": restore the jar.");
            }
            return new String(table.readAllBytes(), UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(line -> List.of(line.split("\\s+")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
