package io.github.milvusupgrade.k8s.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The record of a revision as it stands in its Secret. */
public final class HelmRecord {

    private static final ObjectMapper JSON = new ObjectMapper();

    private HelmRecord() {}

    public static ObjectNode decode(String data) {
        byte[] zipped = Base64.getDecoder().decode(Base64.getDecoder().decode(data));
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return (ObjectNode) JSON.readTree(unzipped);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String encode(ObjectNode release) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(JSON.writeValueAsString(release).getBytes(US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(Base64.getEncoder().encode(zipped.toByteArray()));
    }
}
