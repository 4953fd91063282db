package io.github.milvusupgrade.k8s.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A {@code .tgz} as the files in it, by path. Only what charts are made of is known: regular files with names of any
 * length (ustar, pax, GNU). Links and devices are passed over, paths that lead out of the archive are refused, and what
 * it may unfold to is limited, for a megabyte of gzip can hold a gigabyte.
 */
final class TarGzip {

    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int PREFIX = 155;

    private TarGzip() {}

    /** The archive cannot be read, for a reason that is a part of a sentence. */
    static final class MalformedException extends IOException {

        private static final long serialVersionUID = 1;

        private final String why;

        MalformedException(String why) {
            super(why);
            this.why = why;
        }

        String why() {
            return why;
        }
    }

    /** The files by path, in their order, without the leading {@code ./} that some packers write. */
    static Map<String, byte[]> unpack(byte[] packed, Budget budget) throws MalformedException {
        try (InputStream tar = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return files(tar, budget);
        } catch (EOFException e) {
            throw new MalformedException("it ends too early");
        } catch (MalformedException e) {
            throw e;
        } catch (IOException e) {
            throw new MalformedException("it is not packed by gzip, or damaged");
        }
    }

    private static Map<String, byte[]> files(InputStream tar, Budget budget) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        String longName = "";
        for (byte[] header = tar.readNBytes(BLOCK); !isEnd(header); header = tar.readNBytes(BLOCK)) {
            verify(header);
            byte[] content = content(tar, size(header), budget);
            switch (header[156]) {
                case 'L' -> longName = text(content, 0, content.length);
                case 'x' -> longName = paxPath(content);
                case 0, '0' -> {
                    files.put(safe(longName.isEmpty() ? ownName(header) : longName), content);
                    longName = "";
                }
                // A directory, a link, a device, or words about all that follows.
                default -> longName = header[156] == 'g' ? longName : "";
            }
        }
        return files;
    }

    private static boolean isEnd(byte[] header) {
        for (byte value : header) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private static void verify(byte[] header) throws IOException {
        if (header.length < BLOCK) {
            throw new EOFException();
        }
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (octal(header, 148, 8) != sum) {
            throw new MalformedException("it is no tar archive, or damaged");
        }
    }

    private static byte[] content(InputStream tar, long size, Budget budget) throws IOException {
        budget.take(size);
        byte[] content = tar.readNBytes((int) size);
        long padding = (BLOCK - size % BLOCK) % BLOCK;
        if (content.length < size || tar.readNBytes((int) padding).length < padding) {
            throw new EOFException();
        }
        return content;
    }

    private static long size(byte[] header) throws MalformedException {
        if ((header[124] & 0x80) != 0) {
            throw new MalformedException("a file in it is larger than any chart");
        }
        return octal(header, 124, 12);
    }

    private static long octal(byte[] header, int from, int length) throws MalformedException {
        String digits = text(header, from, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new MalformedException("it is no tar archive, or damaged");
        }
    }

    private static String ownName(byte[] header) {
        String prefix = text(header, 257, 5).equals("ustar") ? text(header, 345, PREFIX) : "";
        String name = text(header, 0, NAME);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /** Records of the form {@code 27 path=milvus/values.yaml}, each with its length and a line end. */
    private static String paxPath(byte[] records) throws MalformedException {
        String path = "";
        for (String record : text(records, 0, records.length).split("\n")) {
            int space = record.indexOf(' ');
            if (record.startsWith("size=", space + 1)) {
                throw new MalformedException("a file in it is larger than any chart");
            }
            if (record.startsWith("path=", space + 1)) {
                path = record.substring(space + 1 + "path=".length());
            }
        }
        return path;
    }

    private static String safe(String path) throws MalformedException {
        StringBuilder clean = new StringBuilder();
        for (String part : path.replace('\\', '/').split("/", -1)) {
            if (part.equals("..") || (part.isEmpty() && clean.isEmpty()) || part.endsWith(":")) {
                throw new MalformedException("a path in it leads out of it");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                clean.append(clean.isEmpty() ? "" : "/").append(part);
            }
        }
        return clean.toString();
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, UTF_8);
    }

    /** Packs files; the same files make the same bytes. */
    static byte[] pack(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream tar = new GZIPOutputStream(packed)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                write(tar, file.getKey(), '0', file.getValue());
            }
            tar.write(new byte[2 * BLOCK]);
        }
        return packed.toByteArray();
    }

    private static void write(GZIPOutputStream tar, String path, char type, byte[] content) throws IOException {
        byte[] name = path.getBytes(UTF_8);
        if (name.length > NAME) {
            write(tar, "././@LongLink", 'L', (path + "\0").getBytes(UTF_8));
        }
        byte[] header = new byte[BLOCK];
        System.arraycopy(name, 0, header, 0, Math.min(name.length, NAME));
        put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
        put(header, 124, String.format("%011o", content.length) + "\0" + "00000000000\0" + "        " + type);
        put(header, 257, "ustar\0" + "00");
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        put(header, 148, String.format("%06o", sum) + "\0 ");
        tar.write(header);
        tar.write(content);
        tar.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
