package io.github.milvusupgrade.k8s.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Helm's access to the cluster is what the caller gave, at the time of the call. */
class KubeConfigSourceTest {

    @Test
    void aFileStaysWhereItIs() {
        try (PrivateFolder folder = PrivateFolder.create()) {
            assertThat(KubeConfigSource.file(Path.of("mine")).in(folder))
                    .isEqualTo(Path.of("mine").toAbsolutePath());
            assertThat(folder.path()).isEmptyDirectory();
        }
    }

    @Test
    void contentsAreAskedForEachTime() {
        Iterator<String> tokens = List.of("first", "second").iterator();
        KubeConfigSource source = KubeConfigSource.contents(tokens::next);

        try (PrivateFolder one = PrivateFolder.create();
                PrivateFolder two = PrivateFolder.create()) {
            assertThat(source.in(one)).hasContent("first");
            assertThat(source.in(two)).hasContent("second");
        }
    }
}
