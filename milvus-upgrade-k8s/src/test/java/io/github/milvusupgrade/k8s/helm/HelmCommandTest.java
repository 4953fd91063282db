package io.github.milvusupgrade.k8s.helm;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.rollout.Redaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the program is called, and what is made of its answers. */
class HelmCommandTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final HelmUpgrade UPGRADE = new HelmUpgrade(
            "default",
            "my-release",
            Path.of("/charts/milvus-4.0.34.tgz"),
            json("{minio: {secretKey: 'kept-secret'}, image: {all: {tag: 'v2.2.16'}}}"),
            "upgrade to 2.2.16");

    @TempDir
    private Path record;

    @Test
    void anUpgradeIsToldEverythingThatCouldComeFromElsewhere() {
        FakeHelm helm = FakeHelm.doing(record, "exit 0");

        helm.client().build().upgrade(UPGRADE, MINUTE, () -> false);

        assertThat(helm.arguments())
                .containsExactly(
                        "upgrade",
                        "my-release",
                        "/charts/milvus-4.0.34.tgz",
                        "--reset-values",
                        "--values=values.yaml",
                        "--description=upgrade to 2.2.16",
                        "--namespace=default",
                        "--kubeconfig=" + helm.folder().resolve("kubeconfig"),
                        "--history-max=10",
                        "--timeout=60000ms");
        assertThat(helm.record("kubeconfig")).hasContent("the kubeconfig");
        assertThat(helm.record("values.yaml")).content().contains("kept-secret");
    }

    @Test
    void aRollbackIsToldTheRevision() {
        FakeHelm helm = FakeHelm.doing(record, "exit 0");

        helm.client().build().rollback("default", "my-release", 3, MINUTE, () -> false);

        assertThat(helm.arguments())
                .containsExactly(
                        "rollback",
                        "my-release",
                        "3",
                        "--namespace=default",
                        "--kubeconfig=" + helm.folder().resolve("kubeconfig"),
                        "--history-max=10",
                        "--timeout=60000ms");
    }

    @ParameterizedTest
    @CsvSource({"ssa, true", "csa, false", "'', false"})
    void whereTheServerAppliesItARollbackTakesPrecedence(String applyMethod, boolean forced) {
        FakeHelm helm = FakeHelm.of(
                record,
                "v4.3.1",
                "if [ \"$1\" = get ]; then cp \"$record/arguments\" \"$record/question\";"
                        + " echo '{\"applyMethod\": \"" + applyMethod + "\"}'; fi");

        helm.client().build().rollback("default", "my-release", 3, MINUTE, () -> false);

        assertThat(helm.record("question"))
                .content()
                .startsWith("get\nmetadata\nmy-release\n--revision=3\n--output=json\n--namespace=default\n");
        assertThat(helm.arguments()).startsWith("rollback", "my-release", "3");
        assertThat(helm.arguments().contains("--force-conflicts")).isEqualTo(forced);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 0", "exit 1"})
    void whatIsSecretIsSeenByNobodyElseAndGoneAfterwards(String end) {
        FakeHelm helm = FakeHelm.doing(record, end);

        try {
            helm.client().build().upgrade(UPGRADE, MINUTE, () -> false);
        } catch (UpgradeException e) {
            assertThat(e.code()).isEqualTo(Code.HELM_FAILED);
        }

        assertThat(helm.modes())
                .containsExactlyInAnyOrder("drwx------ .", "-rw------- kubeconfig", "-rw------- values.yaml");
        assertThat(String.join(" ", helm.arguments())).doesNotContain("kept-secret");
        assertThat(helm.environment().toString()).doesNotContain("kept-secret");
        assertThat(helm.folder()).doesNotExist();
        assertThat(UPGRADE).hasToString("upgrade of default/my-release to chart /charts/milvus-4.0.34.tgz");
    }

    @Test
    void theEnvironmentHoldsNothingThatLeadsElsewhere() {
        FakeHelm helm = FakeHelm.doing(record, "exit 0");

        helm.client().environment("AWS_PROFILE", "staging").build().upgrade(UPGRADE, MINUTE, () -> false);

        String folder = helm.folder().toString();
        assertThat(helm.environment())
                .containsEntry("HOME", System.getenv("HOME"))
                .containsEntry("PATH", System.getenv("PATH"))
                .containsEntry("AWS_PROFILE", "staging")
                .containsEntry("HELM_CACHE_HOME", folder)
                .containsEntry("HELM_CONFIG_HOME", folder)
                .containsEntry("HELM_DATA_HOME", folder);
        assertThat(helm.environment().keySet())
                .filteredOn(name -> !name.matches("(?i)(HTTPS?|NO)_PROXY|SSL_CERT_(FILE|DIR)"))
                .containsExactlyInAnyOrder(
                        "AWS_PROFILE",
                        "HELM_CACHE_HOME",
                        "HELM_CONFIG_HOME",
                        "HELM_DATA_HOME",
                        "HOME",
                        "PATH",
                        // Set by the shell that the fake is written in.
                        "PWD");
    }

    @Test
    void aKubeconfigFileIsUsedWhereItIs() throws IOException {
        Path kubeconfig = Files.writeString(record.resolve("mine"), "with relative paths");
        FakeHelm helm = FakeHelm.doing(record, "exit 0");

        HelmCommand.builder(KubeConfigSource.file(kubeconfig))
                .binary(record.resolve("helm").toString())
                .build()
                .upgrade(UPGRADE, MINUTE, () -> false);

        assertThat(helm.arguments()).contains("--kubeconfig=" + kubeconfig);
        assertThat(helm.record("kubeconfig")).doesNotExist();
        assertThat(kubeconfig).hasContent("with relative paths");
    }

    @Test
    void aDryRunTellsObjectsAndHooksApart() throws IOException {
        Files.writeString(record.resolve("answer"), """
                {"name": "my-release", "version": 7, "namespace": "default", "chart": {"values": {"a": "b"}},
                 "manifest": "---\\n# Source: milvus/a.yaml\\napiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: c}\\n---\\napiVersion: apps/v1\\nkind: Deployment\\nmetadata: {name: d, namespace: other}\\n",
                 "hooks": [{"name": "h", "manifest": "apiVersion: batch/v1\\nkind: Job\\nmetadata: {name: h}\\n"}]}
                """);
        FakeHelm helm = FakeHelm.doing(record, "cat \"$record/answer\"; echo 'level=WARN msg=\"no matter\"' >&2");

        RenderedRelease rendered = helm.client().build().render(UPGRADE);

        assertThat(helm.arguments()).contains("--dry-run=server", "--output=json", "--timeout=120000ms");
        assertThat(rendered.revision()).isEqualTo(7);
        assertThat(rendered.objects()).hasToString("[ConfigMap default/c, Deployment other/d]");
        assertThat(rendered.hooks()).hasToString("[Job default/h]");
        assertThat(rendered.objects().get(0).json())
                .isEqualTo(json("{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'c'}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    echo hello                                        | it is no JSON (line 1)
                    echo '{"name": "another", "version": 2}'          | it describes no revision of the release
                    echo '{"name": "my-release"}'                     | it describes no revision of the release
                    echo '{"name":"my-release","version":2,"manifest":"a: [b"}'      | in the manifest document 1 is no YAML mapping
                    echo '{"name":"my-release","version":2,"manifest":"kind: Pod"}'  | in the manifest document 1 has no kind or no name
                    ~yes | head -c 40000000~                          | it is too long
                    """)
    void anAnswerThatHelmWouldNotGiveIsRefused(String script, String why) {
        HelmCommand helm = FakeHelm.doing(record, script).client().build();

        assertFails(() -> helm.render(UPGRADE), Code.HELM_OUTPUT_UNREADABLE)
                .hasMessage(
                        "What Helm printed for the dry run of the upgrade of default/my-release to chart"
                                + " /charts/milvus-4.0.34.tgz cannot be understood: %s. Check that the binary is Helm 3.14"
                                + " or later, or 4.",
                        why);
    }

    @ParameterizedTest
    @CsvSource({"v3.14.0, 3.14.0", "v3.22, 3.22", "v4.3.1+g1234567, 4.3.1", "v4.0.0-rc.1, 4.0.0"})
    void theVersionIsAskedFor(String printed, String version) {
        HelmCommand helm = FakeHelm.of(record, printed, "exit 0").client().build();

        assertThat(helm.version()).isEqualTo(version);
        helm.upgrade(UPGRADE, MINUTE, () -> false);
    }

    @ParameterizedTest
    @CsvSource({"v3.9.4, 3.9.4", "v3.13.3, 3.13.3", "v2.17.0, 2.17.0", "v5.0.0, 5.0.0"})
    void aVersionThatIsNotKnownIsNotUsed(String printed, String version) {
        FakeHelm helm = FakeHelm.of(record, printed, "exit 0");

        assertFails(() -> helm.client().build().upgrade(UPGRADE, MINUTE, () -> false), Code.HELM_VERSION_UNSUPPORTED)
                .hasMessage(
                        "\"%s\" is Helm %s : only Helm 3 from 3.14 on and Helm 4 are known here. Install one of them, or"
                                + " name its path.",
                        helm.record("helm"), version);
        assertThat(helm.wasCalled()).isFalse();
    }

    @Test
    void aProgramThatIsNotHelmIsNotUsed() {
        FakeHelm helm = FakeHelm.of(record, "usage: helm COURSE", "exit 0");

        assertFails(() -> helm.client().build().version(), Code.HELM_OUTPUT_UNREADABLE)
                .hasMessage(
                        "\"%s version\" printed \"usage: helm COURSE\" : that is no version of Helm. Check that the binary"
                                + " is Helm 3.14 or later, or 4.",
                        helm.record("helm"));
        assertFails(() -> helm.client().build().upgrade(UPGRADE, MINUTE, () -> false), Code.HELM_OUTPUT_UNREADABLE);
        assertThat(helm.wasCalled()).isFalse();
    }

    @Test
    void aMissingProgramIsNamed() {
        HelmCommand helm = HelmCommand.builder(KubeConfigSource.contents(""))
                .binary("helm-that-is-nowhere")
                .build();

        assertFails(helm::version, Code.HELM_UNAVAILABLE)
                .message()
                .startsWith("Cannot start \"helm-that-is-nowhere\" : ")
                .endsWith(". Install Helm 3.14 or later, or 4, or name its path.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    HELM_RELEASE_MISSING | UPGRADE FAILED: "my-release" has no deployed releases
                    HELM_RELEASE_MISSING | release: not found
                    HELM_RELEASE_MISSING | release has no 7 version
                    HELM_BUSY            | UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress
                    HELM_BUSY            | UPGRADE FAILED: secrets "sh.helm.release.v1.my-release.v3" already exists
                    API_UNREACHABLE      | UPGRADE FAILED: Kubernetes cluster unreachable: Get "https://10.0.0.1/version": dial tcp: timeout
                    API_UNREACHABLE      | kubernetes cluster unreachable: EOF
                    CREDENTIALS_REJECTED | Kubernetes cluster unreachable: the server has asked for the client to provide credentials
                    PERMISSION_MISSING   | query: failed to query with labels: secrets is forbidden: User "nobody" cannot list resource "secrets"
                    CHANGED_BY_OTHERS    | conflict occurred while applying object default/a apps/v1, Kind=Deployment: Apply failed with 1 conflict: conflict with "kubectl"
                    HELM_TIMED_OUT       | UPGRADE FAILED: pre-upgrade hooks failed: 1 error occurred: timed out waiting for the condition
                    HELM_FAILED          | UPGRADE FAILED: template: milvus/a.yaml:1: nil pointer evaluating interface {}.enabled
                    """)
    void whatHelmSaysGetsACode(Code code, String said) {
        HelmCommand helm = FakeHelm.doing(record, """
                echo 'WARNING: Kubernetes configuration file is group-readable' >&2
                cat >&2 <<'END'
                Error: %s
                END
                exit 1""".formatted(said)).client().build();

        assertFails(() -> helm.upgrade(UPGRADE, MINUTE, () -> false), code)
                .message()
                .startsWith("The upgrade of default/my-release to chart /charts/milvus-4.0.34.tgz failed: ")
                .endsWith(". Helm said: " + Redaction.of(said));
    }

    @Test
    void whatLooksLikeACredentialIsMasked() {
        HelmCommand helm = FakeHelm.doing(record, "echo 'Error: cannot use password: kept-secret' >&2; exit 1")
                .client()
                .build();

        assertFails(() -> helm.upgrade(UPGRADE, MINUTE, () -> false), Code.HELM_FAILED)
                .hasMessage(
                        "The upgrade of default/my-release to chart /charts/milvus-4.0.34.tgz failed: Helm could not do"
                                + " it. Put right what it names. Helm said: cannot use password: ***");
    }

    @Test
    void aProgramThatTalksWithoutEndIsNotHeldUp() {
        HelmCommand helm = FakeHelm.doing(
                        record, "yes | head -c 2000000; yes | head -c 2000000 >&2; echo 'Error: it broke' >&2; exit 1")
                .client()
                .build();

        assertFails(() -> helm.upgrade(UPGRADE, MINUTE, () -> false), Code.HELM_FAILED);
    }

    @Test
    void aProgramThatHangsIsEndedWithItsChildren() {
        FakeHelm helm = FakeHelm.doing(
                record,
                "trap '' TERM; sleep 300 & echo $! > \"$record/child\"; echo $$ > " + "\"$record/parent\"; wait");
        HelmCommand client = helm.client().grace(Duration.ofMillis(200)).build();

        assertFails(() -> client.upgrade(UPGRADE, Duration.ofSeconds(1), () -> false), Code.HELM_TIMED_OUT)
                .hasMessage(
                        "The upgrade of default/my-release to chart /charts/milvus-4.0.34.tgz was stopped: it was not"
                                + " done in its time, and Helm was ended. \"helm history\" shows what became of it. Helm"
                                + " said nothing.");
        assertThat(List.of("parent", "child")).allSatisfy(process -> assertEnded(helm, process));
        assertThat(helm.folder()).doesNotExist();
    }

    @Test
    void aCancelledHelmMayWriteDownThatItWas() {
        FakeHelm helm = FakeHelm.doing(
                record,
                "trap 'echo failed > \"$record/status\"; echo WARN >&2; echo Error: release failed >&2; exit 1' TERM; touch \"$record/begun\"; sleep 300 & wait");

        assertFails(
                        () -> helm.client().build().upgrade(UPGRADE, MINUTE, () -> Files.exists(helm.record("begun"))),
                        Code.CANCELLED)
                .hasMessage("The upgrade of default/my-release to chart /charts/milvus-4.0.34.tgz was stopped: it was"
                        + " cancelled, and Helm was ended. \"helm history\" shows what became of it. Helm said: release"
                        + " failed");
        assertThat(helm.record("status")).hasContent("failed");
        assertThat(helm.folder()).doesNotExist();
    }

    @Test
    void atTheEndOfThisProcessHelmIsEndedAndNothingSecretIsLeft() throws InterruptedException {
        FakeHelm helm = FakeHelm.doing(
                record,
                "trap 'echo failed > \"$record/status\"; exit 1' TERM; touch \"$record/begun\"; sleep 300 & wait");
        Process process = ChildJvm.start(UpgradingProcess.class, ChildJvm.CLASS_PATH, Map.of(), record.toString());
        try {
            Awaitility.await().atMost(MINUTE).until(() -> Files.exists(helm.record("begun")) || !process.isAlive());

            process.destroy();

            assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("it ended").isTrue();
            assertThat(helm.record("status")).hasContent("failed");
            assertThat(helm.folder()).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Upgrades by the program that lies in a folder. */
    static final class UpgradingProcess {

        private UpgradingProcess() {}

        public static void main(String[] arguments) {
            HelmCommand.builder(KubeConfigSource.contents("the kubeconfig"))
                    .binary(Path.of(arguments[0], "helm").toString())
                    .build()
                    .upgrade(UPGRADE, MINUTE, () -> false);
        }
    }

    @Test
    void whatIsCancelledBeforeIsNotBegun() {
        FakeHelm helm = FakeHelm.doing(record, "exit 0");

        assertFails(() -> helm.client().build().upgrade(UPGRADE, MINUTE, () -> true), Code.CANCELLED);
        assertThat(helm.wasCalled()).isFalse();
    }

    @Test
    void anInterruptIsACancellationAndStays() throws InterruptedException {
        FakeHelm helm = FakeHelm.doing(record, "touch \"$record/begun\"; sleep 300");
        Thread caller = Thread.currentThread();
        Thread other = new Thread(() -> {
            Awaitility.await().until(() -> Files.exists(helm.record("begun")));
            caller.interrupt();
        });
        other.start();

        assertFails(() -> helm.client().build().upgrade(UPGRADE, MINUTE, () -> false), Code.CANCELLED);
        assertThat(Thread.interrupted()).isTrue();
        other.join();
    }

    @ParameterizedTest
    @CsvSource({"Default, my-release", "default, --kubeconfig", "default, My", "default, a_b", "'', a"})
    void whatIsNoNameIsRefused(String namespace, String release) {
        assertThatThrownBy(() -> new HelmUpgrade(namespace, release, Path.of("c"), json("{}"), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no name");
        HelmCommand helm = FakeHelm.doing(record, "exit 0").client().build();
        assertThatThrownBy(() -> helm.rollback(namespace, release, 1, MINUTE, () -> false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void revisionsBeginWithOne() {
        HelmCommand helm = FakeHelm.doing(record, "exit 0").client().build();

        assertThatThrownBy(() -> helm.rollback("default", "my-release", 0, MINUTE, () -> false))
                .hasMessage("revision 0 : revisions are counted from 1.");
    }

    private static AbstractThrowableAssert<?, UpgradeException> assertFails(ThrowingCallable call, Code code) {
        UpgradeException failure = catchThrowableOfType(UpgradeException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
        return assertThat(failure);
    }

    private static void assertEnded(FakeHelm helm, String process) throws IOException {
        long pid = Long.parseLong(Files.readString(helm.record(process)).strip());
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive))
                .as(process)
                .isEmpty();
    }
}
