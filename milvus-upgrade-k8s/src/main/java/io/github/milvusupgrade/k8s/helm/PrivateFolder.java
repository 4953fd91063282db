package io.github.milvusupgrade.k8s.helm;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that nobody else may look into, for what Helm is handed in files. It is gone after {@link #close()}, and
 * also if the process ends before that, unless it is killed.
 */
final class PrivateFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PrivateFolder.class);
    private static final FileAttribute<?>[] OWNER_ONLY =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];

    private final Path path;
    private final AtExit deletion;

    private PrivateFolder(Path path) {
        this.path = path;
        this.deletion = AtExit.register("milvus-upgrade-helm-files", this::delete);
    }

    static PrivateFolder create() {
        try {
            return new PrivateFolder(Files.createTempDirectory("milvus-upgrade-helm-"));
        } catch (IOException e) {
            throw unwritable("a folder in " + System.getProperty("java.io.tmpdir"), e);
        }
    }

    Path path() {
        return path;
    }

    /** A new file that only the owner may read and write. */
    Path write(String name, String text) {
        Path file = path.resolve(name);
        try {
            return Files.write(Files.createFile(file, OWNER_ONLY), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unwritable(file.toString(), e);
        }
    }

    private static UpgradeException unwritable(String what, IOException cause) {
        return new UpgradeException(
                Code.HELM_UNAVAILABLE,
                "Cannot write " + what + ", which Helm needs: " + cause
                        + ". Make room there, or set java.io.tmpdir to a folder that can be written.",
                cause);
    }

    @Override
    public void close() {
        deletion.cancel();
        delete();
    }

    private synchronized void delete() {
        if (Files.notExists(path)) {
            return;
        }
        try (Stream<Path> found = Files.walk(path)) {
            List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
            for (Path entry : deepestFirst) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException e) {
            LOG.error("Could not delete {}, in which there may be credentials; delete it by hand.", path, e);
        }
    }
}
