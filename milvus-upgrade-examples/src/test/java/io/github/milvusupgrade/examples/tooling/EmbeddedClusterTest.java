package io.github.milvusupgrade.examples.tooling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as it is tried first: on the cluster within the process. */
class EmbeddedClusterTest {

    @Test
    void upgradesAndLeavesAReport(@TempDir Path reports) throws IOException {
        CalledTool tool = CalledTool.with("--speed", "100", "--requests", "--report", reports.toString());
        assertThat(tool.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(tool.out())
                .containsSubsequence(
                        "Milvus default/my-release  2.2.4 -> 2.2.16   1 hop, 7 steps, plan ",
                        "PASS    PLAN the instance is as it was when the plan was made\n",
                        ": upgrade default/my-release 2.2.4 -> 2.2.16\n",
                        "Z step 3/7: restart proxy so that it notices hand-overs sooner\n",
                        "Z step 4/7: roll datacoord, indexcoord and querycoord to 2.2.16 together\n",
                        "\nSUCCEEDED: upgrade 2.2.4 -> 2.2.16 of default/my-release, run ",
                        " patch deployments.apps\n");
        JsonNode json =
                new ObjectMapper().readTree(Path.of(tool.after("report:  ")).toFile());
        assertThat(json.path("outcome").asText()).isEqualTo("SUCCEEDED");
        assertThat(reports.resolve(json.path("run").asText() + ".md"))
                .content()
                .startsWith("# SUCCEEDED: upgrade 2.2.4 -> 2.2.16 of default/my-release");
    }

    @Test
    void showsAFailureAndTheWayBack(@TempDir Path reports) throws IOException {
        CalledTool tool = CalledTool.with(
                "--speed", "20", "--profile", "fast", "--fault", "image-missing", "--report", reports.toString());
        assertThat(tool.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(tool.out())
                .containsSubsequence(
                        "\nFAILED: upgrade 2.2.4 -> 2.2.16 of default/my-release",
                        "MU-511 Step \"roll indexnode, datanode and querynode to 2.2.16 together\" failed: ",
                        "\ngo on:   ",
                        "--kubeconfig FILE --namespace NS --instance NAME --resume ",
                        "\ngo back: ",
                        "--kubeconfig FILE --namespace NS --instance NAME --rollback ",
                        "\nThe embedded cluster ends with this process, so the way back is shown at once.\n",
                        "   1  roll indexnode, datanode and querynode back to 2.2.4",
                        "\nSUCCEEDED: rollback of run ");
        try (var files = Files.list(reports)) {
            assertThat(files).hasSize(4);
        }
    }

    @Test
    void refusesToGoBackInTime() {
        CalledTool tool = CalledTool.with("--target", "2.2.3");
        assertThat(tool.err()).startsWith("MU-101 No upgrade path from Milvus 2.2.4 to 2.2.3: ");
        assertThat(tool.exitCode()).isEqualTo(ExitCode.REFUSED);
    }
}
