package io.github.milvusupgrade.k8s.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import io.github.milvusupgrade.k8s.rehearsal.ExecAnswer;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs that are run in pods. */
class KubeApiCommandTest {

    private static final RehearsalCluster CLUSTER = RehearsalCluster.start();
    private static final OutputReader<String> TEXT = output -> new String(output.readAllBytes(), UTF_8);

    private final KubeApi api = KubeApi.over(CLUSTER.apiClient(), KubeApiOptions.defaults());

    @BeforeAll
    static void seed() {
        CLUSTER.seed(MilvusBlueprint.cluster("my-release").version("2.1.4"));
        CLUSTER.podExec((pod, container, command) -> switch (command.get(0)) {
            case "echo" -> ExecAnswer.printed(String.join(" ", command.subList(1, command.size())));
            case "fail" -> ExecAnswer.failed(3, "no such luck");
            case "much" -> ExecAnswer.printed("x".repeat(5_000_000));
            default -> null;
        });
    }

    @AfterAll
    static void close() {
        CLUSTER.close();
    }

    @Test
    void wordsReachTheProgramOneByOneAndNoShellReadsThem() {
        CommandResult<String> result = api.run(command("echo", "a b", "$(id)", "c&d=e", "é/?", "; rm -rf /"), TEXT);
        assertThat(result.exitCode()).isZero();
        assertThat(result.output()).isEqualTo("a b $(id) c&d=e é/? ; rm -rf /");
    }

    @Test
    void aProgramThatFailsTellsItsExitCodeAndItsWords() {
        CommandResult<String> result = api.run(command("fail"), TEXT);
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.errors().strip()).isEqualTo("no such luck");
    }

    @Test
    void muchOutputIsReadWhileItComes() {
        assertThat(api.run(command("much"), KubeApiCommandTest::length).output())
                .isEqualTo(5_000_000);
    }

    private static int length(InputStream output) throws java.io.IOException {
        byte[] buffer = new byte[1000];
        int length = 0;
        for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
            length += count;
        }
        return length;
    }

    @Test
    void aReaderThatHasEnoughNeedNotReadOn() {
        assertThat(api.run(command("much"), output -> output.read()).output()).isEqualTo((int) 'x');
    }

    @Test
    void whatTheImageDoesNotHaveIsAFailureOfKubernetes() {
        assertThatThrownBy(() -> api.run(command("sed"), TEXT))
                .isInstanceOf(KubeApiException.class)
                .hasMessageContaining("executable file not found");
    }

    @Test
    void aPodThatIsNotThereIsNotFound() {
        ObjectRef nobody = Resource.PODS.in("default", "nobody");
        assertThatThrownBy(() -> api.run(new PodCommand(nobody, "etcd", List.of("echo")), TEXT))
                .isInstanceOfSatisfying(
                        KubeApiException.class,
                        e -> assertThat(e.is(Kind.NOT_FOUND)).isTrue());
    }

    @Test
    void aProgramThatDoesNotEndIsLeftAtTheDeadline() {
        assertThatThrownBy(() -> api.within(Duration.ofMillis(1)).run(command("much"), TEXT))
                .isInstanceOf(KubeApiException.class)
                .hasMessageContaining("no answer in time");
    }

    private static PodCommand command(String... words) {
        return new PodCommand(Resource.PODS.in("default", "my-release-etcd-0"), "etcd", List.of(words));
    }
}
