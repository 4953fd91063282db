package io.github.milvusupgrade.k8s.release;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The form in which Helm stores a release: JSON, gzipped, as base64; a Secret adds base64 of its own. Records of very
 * old releases are not gzipped (helm/helm:pkg/storage/driver/util.go).
 */
final class ReleaseRecord {

    /** A Secret of 1 MiB holds ten times that as JSON; one that unfolds to more is no release. */
    private static final int MAX_JSON_BYTES = 64 << 20;

    private static final JsonMapper JSON = new JsonMapper();

    private ReleaseRecord() {}

    /** The record cannot be read; the message is the reason, as a part of a sentence, and quotes nothing. */
    static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1;

        MalformedException(String why) {
            super(why);
        }
    }

    /** @param data the field as the API server sends it */
    static ObjectNode decode(String data) throws MalformedException {
        if (data.isEmpty()) {
            throw new MalformedException("it has no data called \"release\"");
        }
        byte[] stored = base64(base64(data.getBytes(US_ASCII)));
        try {
            if (JSON.readTree(isGzip(stored) ? inflated(stored) : stored) instanceof ObjectNode release) {
                return release;
            }
            throw new MalformedException("its content is no JSON object");
        } catch (IOException e) {
            throw new MalformedException("its content is no JSON");
        }
    }

    private static byte[] base64(byte[] text) throws MalformedException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("its data is not base64 of base64");
        }
    }

    private static boolean isGzip(byte[] stored) {
        return stored.length > 2 && stored[0] == 0x1f && (stored[1] & 0xff) == 0x8b;
    }

    private static byte[] inflated(byte[] stored) throws MalformedException {
        try (InputStream json = new GZIPInputStream(new ByteArrayInputStream(stored))) {
            byte[] bytes = json.readNBytes(MAX_JSON_BYTES + 1);
            if (bytes.length > MAX_JSON_BYTES) {
                throw new MalformedException("unpacked it has more than " + (MAX_JSON_BYTES >> 20) + " MiB");
            }
            return bytes;
        } catch (IOException e) {
            throw new MalformedException("its gzip is damaged");
        }
    }

    /** The field as the API server takes it. */
    static String encode(JsonNode release) {
        Base64.Encoder base64 = Base64.getEncoder();
        return base64.encodeToString(base64.encode(zipped(release)));
    }

    /** How many bytes a release takes in its Secret: there, the base64 of the Secret itself does not count. */
    static long storedBytes(JsonNode release) {
        return (zipped(release).length + 2L) / 3 * 4;
    }

    private static byte[] zipped(JsonNode release) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream gzip = new BestGzip(zipped)) {
            JSON.writeValue(gzip, release);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }

    /** As hard as Helm presses. */
    private static final class BestGzip extends GZIPOutputStream {

        BestGzip(OutputStream target) throws IOException {
            super(target);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
