package io.github.milvusupgrade.examples.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class ReleaseUpgradeTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void upgradesTheReleaseComponentByComponentAndGoesBack() throws IOException {
        try (RehearsalCluster cluster = RehearsalCluster.builder().speed(50).start()) {
            new ReleaseUpgrade(cluster, folder, new PrintStream(out, true, StandardCharsets.UTF_8)).run();
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith(
                        "chart 4.0.34  Milvus 2.2.14\nchart 4.0.6  Milvus 2.2.2\nThere is no chart for Milvus 2.2.16 in ")
                .containsSubsequence(
                        "Milvus default/my-release  2.2.2 -> 2.2.16   1 hop, 11 steps, plan ",
                        "note revision 1 of Helm release my-release",
                        "bring rootcoord to what chart 4.0.34 makes of it for 2.2.16",
                        "let Helm make the revision with chart 4.0.34, which changes no Milvus pod any more",
                        "PASS    P19  chart 4.0.6 -> 4.0.34, values by ",
                        "SUCCEEDED: upgrade 2.2.2 -> 2.2.16 of default/my-release",
                        "revision 2 is deployed, and no Milvus pod was changed",
                        "SUCCEEDED: rollback of run ",
                        "Helm went back to revision 1 as revision 3");
    }
}
