package io.github.milvusupgrade.examples.tooling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.PodFault;
import io.github.milvusupgrade.k8s.rehearsal.RecordedRequest;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as it is used: on a cluster that a kubeconfig names and that outlives each call. */
class RealClusterTest {

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(100).start();

    @TempDir
    private Path directory;

    private Path kubeconfig;

    @BeforeEach
    void install() throws IOException {
        kubeconfig = Files.writeString(directory.resolve("config"), cluster.kubeconfig());
        cluster.seed(MilvusBlueprint.cluster("my-release").version("2.2.4"));
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aDryRunChangesNothing() {
        CalledTool tool = CalledTool.with(args("--target", "2.2.16", "--dry-run"));
        assertThat(tool.out()).contains("2.2.4 -> 2.2.16").endsWith("Dry run: nothing was changed.\n");
        assertThat(tool.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(writes()).isEmpty();
    }

    @Test
    void asksAndTakesNoForNo() {
        CalledTool tool = CalledTool.answering("n", args("--target", "2.2.16"));
        assertThat(tool.out()).endsWith("Not done; nothing was changed.\n");
        assertThat(tool.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(writes()).isEmpty();
    }

    @Test
    void doesNotGoOnUnaskedWhereNobodyCanAnswer() {
        CalledTool tool = CalledTool.with(args("--target", "2.2.16"));
        assertThat(tool.err())
                .matches("Nobody is there to answer \"Execute plan [0-9a-f]{12}\\? \\[y/N]\": this is not a terminal."
                        + " Nothing was changed. Add --yes to go on without being asked.\nSee --help.\n");
        assertThat(tool.exitCode()).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(writes()).isEmpty();
    }

    @Test
    void upgradesWhenAllowed() {
        CalledTool tool =
                CalledTool.answering("y", args("--target", "2.2.16", "--context", "rehearsal", "--profile", "fast"));
        assertThat(tool.out()).contains("\nSUCCEEDED: upgrade 2.2.4 -> 2.2.16 of default/my-release");
        assertThat(tool.exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void goesOnWithARunByTheCommandItPrinted() {
        cluster.inject(PodFault.imageMissing().component("rootcoord").tag("v2.2.16"));
        CalledTool failed = CalledTool.with(args("--target", "2.2.16", "--yes", "--profile", "fast"));
        assertThat(failed.exitCode()).isEqualTo(ExitCode.FAILED);

        cluster.clearFaults();
        CalledTool resumed = CalledTool.with(printed(failed, "go on:   "));
        assertThat(resumed.out()).contains("DONE_BEFORE     let coordinators stand by", "\nSUCCEEDED: ");
        assertThat(resumed.exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void goesBackByTheCommandItPrintedAndListsBothRuns() {
        cluster.inject(PodFault.imageMissing().component("rootcoord").tag("v2.2.16"));
        CalledTool failed = CalledTool.with(args("--target", "2.2.16", "--yes", "--profile", "fast"));
        String[] back = printed(failed, "go back: ");
        CalledTool rolledBack = CalledTool.with(back);
        assertThat(rolledBack.exitCode()).isEqualTo(ExitCode.OK);

        List<String> runs = CalledTool.with(args("--runs")).out().lines().toList();
        assertThat(runs).hasSize(2);
        assertThat(runs.get(0)).contains("ROLLED_BACK upgrade");
        assertThat(runs.get(1)).contains("SUCCEEDED   rollback of ");
    }

    @Test
    void givesARunUp() {
        cluster.inject(PodFault.imageMissing().component("rootcoord").tag("v2.2.16"));
        String[] words =
                printed(CalledTool.with(args("--target", "2.2.16", "--yes", "--profile", "fast")), "go back: ");
        String run = words[words.length - 4];
        CalledTool tool = CalledTool.answering("yes", args("--abandon", run));
        assertThat(tool.out())
                .isEqualTo("Run " + run + " is abandoned: what it left behind is yours to take care of.\n");
        assertThat(CalledTool.with(args("--runs")).out()).contains("ABANDONED   upgrade");
    }

    @Test
    void isBlockedByAFindingUntilItIsWaived() {
        cluster.seed(MilvusBlueprint.cluster("other").version("2.2.4").userYaml("metastore:\n  type: mysql\n"));
        String[] args = {
            "--kubeconfig", kubeconfig.toString(), "--instance", "other", "--target", "2.2.16", "--yes", "--dry-run"
        };
        CalledTool blocked = CalledTool.with(args);
        assertThat(blocked.out()).contains("FAIL    P23-metastore").contains("nothing was changed.\n");
        assertThat(blocked.exitCode()).isEqualTo(ExitCode.REFUSED);

        CalledTool waived =
                CalledTool.with(Stream.concat(Stream.of(args), Stream.of("--waive", "P23-metastore=it is a copy"))
                        .toArray(String[]::new));
        assertThat(waived.out()).contains("WAIVED  P23-metastore").contains("(waived: it is a copy)");
        assertThat(waived.exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void refusesAContextThatTheKubeconfigDoesNotHave() {
        CalledTool tool = CalledTool.with(args("--target", "2.2.16", "--context", "production"));
        assertThat(tool.err()).isEqualTo("The kubeconfig " + kubeconfig + " has no context production.\nSee --help.\n");
    }

    @Test
    void refusesARunThatNobodyRemembers() {
        CalledTool tool = CalledTool.with(args("--resume", "r1", "--yes"));
        assertThat(tool.err())
                .isEqualTo(
                        "No run r1 of default/my-release is remembered. --runs lists those that are.\nSee --help.\n");
    }

    private String[] args(String... more) {
        return Stream.concat(
                        Stream.of("--kubeconfig", kubeconfig.toString(), "--instance", "my-release"), Stream.of(more))
                .toArray(String[]::new);
    }

    /** The arguments of the command that was printed, and consent. */
    private static String[] printed(CalledTool tool, String prefix) {
        String command = tool.after(prefix);
        String line = command.substring(command.indexOf("--kubeconfig")).replace("\"", "");
        return (line + " --profile fast --yes").split(" ");
    }

    private List<RecordedRequest> writes() {
        return cluster.requests().stream()
                .filter(RecordedRequest::isWrite)
                .filter(request -> !request.resource().endsWith("selfsubjectaccessreviews"))
                .toList();
    }
}
