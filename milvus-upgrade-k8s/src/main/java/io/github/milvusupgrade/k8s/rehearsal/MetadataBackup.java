package io.github.milvusupgrade.k8s.rehearsal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * The file that {@code meta-migration} keeps metadata in: records, each after its length in eight bytes, the first one
 * a header ({@code milvus-io/milvus:cmd/tools/migration/backend/backup_restore.go}). Records are protobuf messages.
 */
final class MetadataBackup {

    private static final int VARINT = 0;
    private static final int BYTES = 2;

    private MetadataBackup() {}

    /**
     * Writes a file.
     *
     * @param entries keys, one character for each byte, and values
     * @param written how many of them are written, whatever the header says
     */
    static byte[] write(String rootPath, String metaSubPath, SortedMap<String, byte[]> entries, int written) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        number(header, 1, 1);
        bytes(header, 2, rootPath.getBytes(StandardCharsets.UTF_8));
        bytes(header, 3, metaSubPath.getBytes(StandardCharsets.UTF_8));
        number(header, 4, entries.size());
        bytes(header, 6, "{\"entry_include_root_path\":true}".getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        record(file, header);
        entries.entrySet().stream().limit(written).forEach(entry -> {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            bytes(message, 1, entry.getKey().getBytes(StandardCharsets.ISO_8859_1));
            bytes(message, 2, entry.getValue());
            record(file, message);
        });
        return file.toByteArray();
    }

    /**
     * The entries of a file, as the tool reads them: it compares nothing with the header.
     *
     * @throws IllegalArgumentException if it is cut within a record
     */
    static Map<String, byte[]> read(byte[] file) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        ByteBuffer left = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        boolean header = true;
        while (left.hasRemaining()) {
            if (left.remaining() < Long.BYTES) {
                throw unreadable();
            }
            long length = left.getLong();
            if (length < 0 || length > left.remaining()) {
                throw unreadable();
            }
            ByteBuffer message = left.slice().limit((int) length);
            left.position(left.position() + (int) length);
            if (!header) {
                entry(message, entries);
            }
            header = false;
        }
        return entries;
    }

    private static void entry(ByteBuffer message, Map<String, byte[]> entries) {
        String key = "";
        byte[] value = {};
        while (message.hasRemaining()) {
            long tag = varint(message);
            long length = (tag & 7) == BYTES ? varint(message) : -1;
            if (length < 0 || length > message.remaining()) {
                throw unreadable();
            }
            byte[] field = new byte[(int) length];
            message.get(field);
            if (tag >> 3 == 1) {
                key = new String(field, StandardCharsets.ISO_8859_1);
            } else {
                value = field;
            }
        }
        entries.put(key, value);
    }

    private static IllegalArgumentException unreadable() {
        return new IllegalArgumentException("invalid backup file, cannot read entry");
    }

    private static void record(ByteArrayOutputStream file, ByteArrayOutputStream message) {
        file.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(message.size())
                .array());
        file.writeBytes(message.toByteArray());
    }

    private static void number(ByteArrayOutputStream message, int field, long value) {
        varint(message, (long) field << 3 | VARINT);
        varint(message, value);
    }

    private static void bytes(ByteArrayOutputStream message, int field, byte[] value) {
        varint(message, (long) field << 3 | BYTES);
        varint(message, value.length);
        message.writeBytes(value);
    }

    private static void varint(ByteArrayOutputStream message, long value) {
        long left = value;
        while (left > 0x7f) {
            message.write((int) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        message.write((int) left);
    }

    private static long varint(ByteBuffer message) {
        long value = 0;
        for (int shift = 0; shift < 64 && message.hasRemaining(); shift += 7) {
            byte next = message.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw unreadable();
    }
}
