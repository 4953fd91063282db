package io.github.milvusupgrade.k8s.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** A chart as {@code helm package} packs it, made file by file. */
final class ChartFixture {

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    static ChartFixture milvus(String version, String appVersion) {
        return new ChartFixture().with("milvus/Chart.yaml", """
                apiVersion: v2
                name: milvus
                version: %s
                appVersion: "%s"
                """.formatted(version, appVersion));
    }

    static ChartFixture empty() {
        return new ChartFixture();
    }

    ChartFixture with(String path, String text) {
        return with(path, text.getBytes(UTF_8));
    }

    ChartFixture with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    byte[] packed() {
        try {
            return TarGzip.pack(files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, not packed. */
    void unpackInto(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path target = folder.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, file.getValue());
        }
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
