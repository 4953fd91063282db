package io.github.milvusupgrade.k8s.migrate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.etcd.ContentDigest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 91: a backup that is cut, empty or of something else is noticed before anything is converted. */
class BackupFileTest {

    private static final MetadataPlace PLACE =
            new MetadataPlace(List.of("my-release-etcd:2379"), "by-dev", "meta", "kv");

    private final BackupFile backup = new BackupFile(PLACE);

    @Test
    void aWholeBackupIsReadToItsEnd() throws IOException {
        byte[] file = file(header("by-dev", "meta", 2), entry("by-dev/meta/a", "1"), entry("by-dev/meta/b", "2"));
        BackupFacts facts = backup.read(new ByteArrayInputStream(file));
        assertThat(facts.bytes()).isEqualTo(file.length);
        assertThat(facts.sha256()).hasSize(64);
        assertThat(facts.content())
                .isEqualTo(ContentDigest.EMPTY
                        .with("by-dev/meta/a".getBytes(UTF_8), "1".getBytes(UTF_8))
                        .with("by-dev/meta/b".getBytes(UTF_8), "2".getBytes(UTF_8)));
    }

    @Test
    void keysThatAreWrittenWithoutTheirRootPathAreTheSameKeys() throws IOException {
        byte[] whole = file(header("by-dev", "meta", 1), entry("by-dev/meta/a", "1"));
        byte[] relative =
                file(message(number(1, 1), text(2, "by-dev"), text(3, "meta"), number(4, 1)), entry("a", "1"));
        assertThat(backup.read(new ByteArrayInputStream(relative)).content())
                .isEqualTo(backup.read(new ByteArrayInputStream(whole)).content());
    }

    static Stream<Arguments> unusable() throws IOException {
        byte[] good = file(header("by-dev", "meta", 2), entry("by-dev/meta/a", "1"), entry("by-dev/meta/b", "2"));
        return Stream.of(
                Arguments.of("empty", new byte[0], "it is empty or missing"),
                Arguments.of(
                        "cut at the border of an entry",
                        file(header("by-dev", "meta", 2), entry("by-dev/meta/a", "1")),
                        "its header announces 2 entries, but 1 are in it"),
                Arguments.of(
                        "cut within an entry",
                        Arrays.copyOf(good, good.length - 3),
                        "it ends within record 2, after 15 of 18 bytes"),
                Arguments.of(
                        "cut within a length",
                        Arrays.copyOf(good, good.length - 20),
                        "where record 2 should begin there is no length of a record"),
                Arguments.of("no entry", file(header("by-dev", "meta", 0)), "there is no entry in it"),
                Arguments.of(
                        "another root path",
                        file(header("other", "meta", 1), entry("other/meta/a", "1")),
                        "it holds the metadata under other/meta, but that of the instance is under by-dev/meta"),
                Arguments.of(
                        "a key of somebody else",
                        file(header("by-dev", "meta", 1), entry("other/meta/a", "1")),
                        "it holds the key other/meta/a, which is none of the instance"),
                Arguments.of(
                        "a version that is not known",
                        file(message(number(1, 2))),
                        "its header has version 2, and only version 1 is known"),
                Arguments.of(
                        "no backup at all",
                        "Error: no space left on device".getBytes(UTF_8),
                        "where record 0 should begin there is no length of a record"),
                Arguments.of(
                        "no protobuf",
                        file("no protobuf".getBytes(UTF_8)),
                        "a record in it is no message that is known"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void unusable(String what, byte[] file, String why) {
        assertThatThrownBy(() -> backup.read(new ByteArrayInputStream(file)))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.BACKUP_UNUSABLE))
                .hasMessage("The backup of the metadata cannot be trusted: " + why + ".");
    }

    static byte[] header(String rootPath, String metaPath, int entries) {
        return message(
                number(1, 1),
                text(2, rootPath),
                text(3, metaPath),
                number(4, entries),
                text(6, "{\"entry_include_root_path\":true}"));
    }

    static byte[] entry(String key, String value) {
        return message(text(1, key), text(2, value));
    }

    static byte[] file(byte[]... records) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (byte[] record : records) {
            file.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(record.length)
                    .array());
            file.write(record);
        }
        return file.toByteArray();
    }

    private static byte[] message(byte[]... fields) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (byte[] field : fields) {
            message.writeBytes(field);
        }
        return message.toByteArray();
    }

    private static byte[] number(int field, int value) {
        return new byte[] {(byte) (field << 3), (byte) value};
    }

    private static byte[] text(int field, String value) {
        byte[] bytes = value.getBytes(UTF_8);
        return ByteBuffer.allocate(2 + bytes.length)
                .put((byte) (field << 3 | 2))
                .put((byte) bytes.length)
                .put(bytes)
                .array();
    }
}
