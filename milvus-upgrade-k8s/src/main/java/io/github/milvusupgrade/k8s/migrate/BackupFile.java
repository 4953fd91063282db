package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.etcd.ContentDigest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Reads a backup of the migration tool, record by record: each has its length before it (8 bytes, little-endian); the
 * first is a protobuf {@code BackupHeader} with the number of entries, all others are a {@code BackupEntry} with key
 * and value (milvus-io/milvus:cmd/tools/migration/backend/backup_restore.go, legacy/legacypb/legacy.proto). The tool
 * itself never compares that number: to it, a file cut between two entries is a good one.
 */
final class BackupFile {

    private static final int HEADER_VERSION = 1;
    private static final int LONGEST_RECORD = 256 * 1024 * 1024;
    private static final String WITH_ROOT_PATH = "\"entry_include_root_path\":true";

    private final MetadataPlace place;

    BackupFile(MetadataPlace place) {
        this.place = place;
    }

    /**
     * Reads to the end.
     *
     * @throws UpgradeException with {@link Code#BACKUP_UNUSABLE} if it is not a whole backup of this metadata
     */
    BackupFacts read(InputStream file) throws IOException {
        MessageDigest sha = ContentDigest.sha256();
        DigestInputStream input = new DigestInputStream(file, sha);
        byte[] first = record(input, 0);
        if (first.length == 0) {
            throw unusable("it is empty or missing");
        }
        Fields header = Fields.of(first);
        if (header.number(1) != HEADER_VERSION) {
            throw unusable("its header has version " + header.number(1) + ", and only version " + HEADER_VERSION
                    + " is known");
        }
        if (!header.text(2).equals(place.rootPath()) || !header.text(3).equals(place.metaSubPath())) {
            throw unusable("it holds the metadata under " + header.text(2) + "/" + header.text(3)
                    + ", but that of the instance is under " + place.rootPath() + "/" + place.metaSubPath());
        }
        String extra = header.text(6).replace(" ", "");
        String before = extra.contains(WITH_ROOT_PATH) ? "" : place.prefix();
        ContentDigest content = ContentDigest.EMPTY;
        long bytes = Long.BYTES + first.length;
        for (byte[] record = record(input, 1); record.length > 0; record = record(input, content.entries() + 1)) {
            Fields entry = Fields.of(record);
            String key = before + entry.text(1);
            if (!key.startsWith(place.prefix())) {
                throw unusable("it holds the key " + key + ", which is none of the instance");
            }
            content = content.with(key.getBytes(StandardCharsets.UTF_8), entry.bytes(2));
            bytes += Long.BYTES + record.length;
        }
        if (content.entries() != header.number(4)) {
            throw unusable(
                    "its header announces " + header.number(4) + " entries, but " + content.entries() + " are in it");
        }
        if (content.entries() == 0) {
            throw unusable("there is no entry in it");
        }
        return new BackupFacts(bytes, HexFormat.of().formatHex(sha.digest()), content);
    }

    /** The next record; of no length at the end of the file. */
    private static byte[] record(InputStream input, long number) throws IOException {
        byte[] length = input.readNBytes(Long.BYTES);
        if (length.length == 0) {
            return length;
        }
        long announced = length.length < Long.BYTES
                ? -1
                : ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (announced <= 0 || announced > LONGEST_RECORD) {
            throw unusable("where record " + number + " should begin there is no length of a record");
        }
        byte[] record = readAtMost(input, (int) announced);
        if (record.length < announced) {
            throw unusable(
                    "it ends within record " + number + ", after " + record.length + " of " + announced + " bytes");
        }
        return record;
    }

    /** Grows with what comes, so that a wrong length takes no memory. */
    private static byte[] readAtMost(InputStream input, int length) throws IOException {
        ByteArrayOutputStream record = new ByteArrayOutputStream(Math.min(length, 8192));
        int left = length;
        while (left > 0) {
            byte[] part = input.readNBytes(Math.min(left, 1 << 20));
            if (part.length == 0) {
                break;
            }
            record.write(part, 0, part.length);
            left -= part.length;
        }
        return record.toByteArray();
    }

    private static UpgradeException unusable(String why) {
        return new UpgradeException(Code.BACKUP_UNUSABLE, "The backup of the metadata cannot be trusted: " + why + ".");
    }

    /** The fields of one protobuf message, as far as backups have them: varints, and what has a length. */
    private static final class Fields {

        private final long[] numbers = new long[8];
        private final byte[][] contents = new byte[8][];

        static Fields of(byte[] message) {
            Fields fields = new Fields();
            ByteBuffer buffer = ByteBuffer.wrap(message);
            while (buffer.hasRemaining()) {
                long tag = varint(buffer);
                int field = (int) (tag >>> 3);
                long value = varint(buffer);
                boolean known = field > 0 && field < fields.numbers.length;
                if (!known || (tag & 7) % 2 != 0 || (tag & 7) > 2) {
                    throw unusable("a record in it is no message that is known");
                }
                if ((tag & 7) == 0) {
                    fields.numbers[field] = value;
                } else {
                    if (value < 0 || value > buffer.remaining()) {
                        throw unusable("a record in it ends within a field");
                    }
                    byte[] content = new byte[(int) value];
                    buffer.get(content);
                    fields.contents[field] = content;
                }
            }
            return fields;
        }

        private static long varint(ByteBuffer buffer) {
            long value = 0;
            for (int shift = 0; shift < 64 && buffer.hasRemaining(); shift += 7) {
                byte next = buffer.get();
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw unusable("a record in it ends within a number");
        }

        long number(int field) {
            return numbers[field];
        }

        byte[] bytes(int field) {
            byte[] content = contents[field];
            return content == null ? new byte[0] : Arrays.copyOf(content, content.length);
        }

        String text(int field) {
            return new String(bytes(field), StandardCharsets.UTF_8);
        }
    }
}
