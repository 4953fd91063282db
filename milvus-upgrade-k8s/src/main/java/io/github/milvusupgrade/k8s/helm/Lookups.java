package io.github.milvusupgrade.k8s.helm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Whether what a chart renders to may depend on what is in the cluster. */
final class Lookups {

    private static final Pattern CALL = Pattern.compile("\\{\\{[^}]*\\blookup\\s+[\"'`$(.]");
    private static final int LIMIT = 64 << 20;

    private Lookups() {}

    /**
     * @param chart a folder or an archive
     * @throws IOException if it cannot be read
     */
    static boolean in(Path chart) throws IOException {
        try (Stream<Path> files = Files.walk(chart)) {
            List<Path> regular = files.filter(Files::isRegularFile).toList();
            for (Path file : regular) {
                if (CALL.matcher(textOf(file)).find()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** An archive is not taken apart: what is between its files matches nothing. */
    private static String textOf(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        if (file.toString().endsWith(".tgz")) {
            try (InputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(content))) {
                content = unzipped.readNBytes(LIMIT);
            }
        }
        return new String(content, StandardCharsets.ISO_8859_1);
    }
}
