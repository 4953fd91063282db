package io.github.milvusupgrade.examples.tooling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever mistypes is told which argument, why, and what to write; nothing is started. */
class UsageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --tarrget 2.2.16                         | Unknown argument "--tarrget".
            2.2.16                                   | Unknown argument "2.2.16".
            --target                                 | --target needs a value.
            --target --yes                           | --target needs a value, but --yes follows.
            --target 2.2.16 --target 2.2.15          | --target is given more than once: 2.2.16, 2.2.15.
            --yes=no                                 | --yes takes no value, but got "no".
            --image milvusdb/milvus:v2.2.16          | --image says where a version comes from: add --target VERSION.
            --fault slow                             | --fault slow: there are image-missing and crash-loop.
            --speed 0                                | --speed 0: time has to pass; give a number above 0.
            --speed fast                             | --speed fast: that is not a number.
            --waive P13                              | --waive P13: write the check and why, as in --waive "P13=tested before".
            --instance milvus                        | --instance is about a real cluster: add --kubeconfig FILE.
            --resume r1                              | --resume is about a real cluster: add --kubeconfig FILE.
            --kubeconfig f --speed 5                 | --speed is about the embedded cluster: leave it or --kubeconfig out.
            --kubeconfig f --target 2.2.16           | Which Milvus? Add --instance NAME, the name of its Helm release.
            --kubeconfig f --instance m              | To which version? Add --target VERSION.
            --kubeconfig f --instance m --runs --target 2.2.16   | One thing at a time: --target and --runs exclude each other.
            --kubeconfig f --instance m --resume R   | --resume: Not a run id: "R": only lower-case letters, digits and dashes, at most 40.
            """)
    void refusesWhatMakesNoSense(String args, String message) {
        CalledTool tool = CalledTool.with(args.split(" "));
        assertThat(tool.err()).isEqualTo(message + "\nSee --help.\n");
        assertThat(tool.exitCode()).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(tool.out()).isEmpty();
    }

    @Test
    void refusesAKubeconfigThatIsNotThere(@TempDir Path empty) {
        Path file = empty.resolve("config");
        CalledTool tool =
                CalledTool.with("--kubeconfig", file.toString(), "--instance", "my-release", "--target", "2.2.16");
        assertThat(tool.err())
                .startsWith("Cannot read the kubeconfig " + file + ": java.nio.file.NoSuchFileException: " + file);
        assertThat(tool.exitCode()).isEqualTo(ExitCode.BAD_USAGE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            just words                       | The file FILE is not a kubeconfig (ClassCastException). Check --kubeconfig.
            'users: [{token: secret'         | The file FILE is not a kubeconfig (ParserException). Check --kubeconfig.
            '{apiVersion: v1, kind: Config}' | The kubeconfig FILE names no API server in its context null. Choose another with --context.
            """)
    void refusesAFileThatIsNoKubeconfig(String text, String message, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("config"), text);
        CalledTool tool =
                CalledTool.with("--kubeconfig", file.toString(), "--instance", "my-release", "--target", "2.2.16");
        assertThat(tool.err()).isEqualTo(message.replace("FILE", file.toString()) + "\nSee --help.\n");
        assertThat(tool.exitCode()).isEqualTo(ExitCode.BAD_USAGE);
    }

    @Test
    void explainsItself() {
        CalledTool tool = CalledTool.with("--help");
        assertThat(tool.out()).isEqualTo(Arguments.USAGE);
        assertThat(tool.exitCode()).isEqualTo(ExitCode.OK);
    }
}
