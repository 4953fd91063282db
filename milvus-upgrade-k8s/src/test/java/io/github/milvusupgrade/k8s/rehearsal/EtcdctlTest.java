package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code etcdctl} in a pod says and returns what the program of etcd 3.5 and 3.6 does; each line was tried on one. */
class EtcdctlTest {

    private static final String CORE = "/api/v1/namespaces/default/";

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(50).start();
    private final JsonApi api = new JsonApi(cluster.apiClient());

    @BeforeEach
    void createClient() {
        cluster.seed(MilvusBlueprint.standalone("m").version("2.2.4"));
        client("client", "");
        cluster.etcd().delete("");
        cluster.etcd().put("root/a", "1");
        cluster.etcd().put("root/b", "");
        cluster.etcd().put("other", "3");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void client(String name, String env) {
        api.create(
                CORE + "pods",
                json("{metadata: {name: '" + name
                        + "'}, spec: {containers: [{name: 'etcdctl', image: 'etcd:3.5', env: [" + env + "]}]}}"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> api.read(CORE + "pods/" + name)
                        .at("/status/phase")
                        .asText()
                        .equals("Running"));
    }

    private ExecSession.Result etcdctl(String... arguments) {
        return etcdctlIn("client", arguments);
    }

    private ExecSession.Result etcdctlIn(String pod, String... arguments) {
        String[] command = new String[arguments.length + 2];
        command[0] = "etcdctl";
        command[1] = "--endpoints=m-etcd:2379";
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return ExecSession.run(cluster, pod, command);
    }

    @Test
    void aPrefixAsJson() throws JsonProcessingException {
        EtcdSession session = cluster.etcd().openSession("root/session/x", "{}", Duration.ofSeconds(20));

        ExecSession.Result result = etcdctl("get", "root/", "--prefix", "-w", "json");

        JsonNode answer = Json.MAPPER.readTree(result.stdout());
        long revision = cluster.etcd().revision();
        assertThat(answer.path("header").toString())
                .isEqualTo("{\"cluster_id\":15118495548433857066,\"member_id\":13668033151171901709,\"revision\":"
                        + revision + ",\"raft_term\":2}");
        assertThat(answer.path("count").asInt()).isEqualTo(3);
        assertThat(answer.has("more")).isFalse();
        assertThat(answer.at("/kvs/0").toString())
                .isEqualTo("{\"key\":\"cm9vdC9h\",\"create_revision\":" + (revision - 3) + ",\"mod_revision\":"
                        + (revision - 3) + ",\"version\":1,\"value\":\"MQ==\"}");
        assertThat(answer.at("/kvs/1").has("value")).isFalse();
        assertThat(answer.at("/kvs/2/lease").asLong()).isPositive();
        session.revoke();
        assertThat(cluster.etcd().keys("root/session")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "get root/a, root/a",
        "get root/ --prefix, root/a root/b",
        "get --prefix=true root/ --limit 1, root/a +",
        "get root/ --prefix --limit=2, root/a root/b",
        "get root/b --from-key, root/b",
        "get p --from-key, root/a root/b",
        "get a root/b, other root/a",
        "get nothing, ''",
        "get '' --prefix, other root/a root/b",
    })
    void rangesOfKeys(String command, String expected) throws JsonProcessingException {
        String[] words =
                (command + " --keys-only --write-out=json").replace("''", "").split(" ");
        JsonNode answer = Json.MAPPER.readTree(etcdctl(words).stdout());

        List<String> keys = StreamSupport.stream(answer.path("kvs").spliterator(), false)
                .map(kv -> new String(Base64.getDecoder().decode(kv.path("key").asText())))
                .toList();
        assertThat(String.join(" ", keys) + (answer.has("more") ? " +" : "")).isEqualTo(expected);
        assertThat(answer.findValue("value")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get root/a|0|root/a^1^|",
                "get root/ --prefix --keys-only|0|root/a^^root/b^^|",
                "get root/ --prefix --count-only -w json|128||Error: --count-only is only for `--write-out=fields`^",
                "get root/ z --prefix|128||Error: too many arguments, only accept one argument when `--prefix` or `--from-key`"
                        + " is set^",
                "get|128||Error: get command needs one argument as key and an optional argument as range_end^",
                "get a --bogus|1||Error: unknown flag: --bogus^",
                "get a --cacert=/nope|128||Error: open /nope: no such file or directory^",
                "alarm list|0||",
                "endpoint health|0|m-etcd:2379 is healthy: successfully committed proposal: took = 2.3ms^|",
            })
    void whatIsPrinted(String command, int exitCode, String stdout, String stderr) {
        ExecSession.Result result = etcdctl(command.split(" "));

        assertThat(result.stdout()).isEqualTo(lines(stdout));
        assertThat(result.stderr()).isEqualTo(lines(stderr));
        assertThat(result.exitCode()).isEqualTo(exitCode);
    }

    private static String lines(String text) {
        return text == null ? "" : text.replace('^', '\n');
    }

    @Test
    void credentialsComeFromTheEnvironment() {
        cluster.etcd().requireLogin("root", "secret");
        api.create(
                CORE + "secrets",
                json("{metadata: {name: 's'}, data: {name: 'cm9vdA==', word: 'c2VjcmV0', wrong: 'YmFk'}}"));
        client("insider", credentials("word"));
        client("outsider", credentials("wrong"));

        assertThat(etcdctlIn("insider", "get", "root/a").stdout()).isEqualTo("root/a\n1\n");
        ExecSession.Result anonymous = etcdctl("get", "root/a");
        assertThat(anonymous.stderr()).endsWith("\nError: etcdserver: user name is empty\n");
        assertThat(anonymous.exitCode()).isEqualTo(1);
        ExecSession.Result outsider = etcdctlIn("outsider", "get", "root/a");
        assertThat(outsider.stderr())
                .endsWith("\nError: etcdserver: authentication failed, invalid user ID or password\n");
        assertThat(outsider.exitCode()).isEqualTo(2);
        assertThat(etcdctlIn("insider", "get", "root/a", "--user=x:y").stderr())
                .startsWith("Error: conflicting environment variable is shadowed");
    }

    private static String credentials(String passwordKey) {
        return """
                {name: 'NAME', valueFrom: {secretKeyRef: {name: 's', key: 'name'}}},
                {name: 'WORD', valueFrom: {secretKeyRef: {name: 's', key: '%s'}}},
                {name: 'ETCDCTL_USER', value: '$(NAME):$(WORD)'}""".formatted(passwordKey);
    }

    @ParameterizedTest
    @CsvSource({
        "m-etcd:2379, ''",
        "http://m-etcd.default.svc.cluster.local:2379, ''",
        "m-etcd-0.m-etcd-headless.default.svc:2379, ''",
        "nowhere:2379, lookup nowhere on 10.96.0.10:53: no such host",
        "m-etcd:2380, dial tcp m-etcd:2380: connect: connection refused",
        "m-milvus:2379, dial tcp m-milvus:2379: connect: connection refused",
        "127.0.0.1:2379, dial tcp 127.0.0.1:2379: connect: connection refused",
        "etcd.example.com:2379, ''",
        "'nowhere:2379,m-etcd:2379', ''",
    })
    void whereItIs(String endpoints, String obstacle) {
        cluster.etcd().alsoAt("etcd.example.com");

        ExecSession.Result result = ExecSession.run(cluster, "client", "etcdctl", "--endpoints", endpoints, "get", "x");

        assertThat(result.stderr()).contains(obstacle);
        assertThat(result.exitCode()).isEqualTo(obstacle.isEmpty() ? 0 : 1);
        assertThat(result.stderr()).endsWith(obstacle.isEmpty() ? "" : "\nError: context deadline exceeded\n");
    }

    @Test
    void anEtcdThatIsCutOffOrStoppedIsNotReached() {
        try (InjectedFault fault = cluster.etcd().cutOff()) {
            assertThat(etcdctl("get", "x").exitCode()).isEqualTo(1);
            assertThat(fault.hits()).isPositive();
        }
        assertThat(etcdctl("get", "x").exitCode()).isZero();
        api.patch(JsonApi.MERGE_PATCH, "/apis/apps/v1/namespaces/default/statefulsets/m-etcd", "{spec: {replicas: 0}}");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> etcdctl("get", "x").exitCode() == 1);
    }

    @Test
    void aFullEtcdHasAnAlarm() {
        cluster.etcd().fillUp();

        assertThat(etcdctl("alarm", "list").stdout()).isEqualTo("memberID:13668033151171901709 alarm:NOSPACE \n");
        assertThat(etcdctl("endpoint", "status", "-w", "json").stdout()).contains("alarm:NOSPACE");
    }

    @Test
    void aSessionThatWasLeftEndsAfterItsTime() {
        EtcdSession session = cluster.etcd().openSession("s", "", Duration.ofSeconds(5));
        assertThat(cluster.etcd().keys("s")).hasSize(1);

        session.abandon();

        assertThat(cluster.etcd().keys("s")).hasSize(1);
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> cluster.etcd().keys("s").isEmpty());
    }
}
