package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tool that migrates metadata from 2.1 to 2.2 does in a rehearsal what the real one does, and fails as it does. */
class MetaMigrationTest {

    private static final String CORE = "/api/v1/namespaces/default/";
    private static final String TOOL = "/milvus/bin/meta-migration";
    private static final String ROOT = "by-dev/meta/";

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(100).start();
    private final JsonApi api = new JsonApi(cluster.apiClient());
    private final RehearsedEtcd etcd = cluster.etcd();
    private String image = "milvusdb/meta-migration:v2.2.0-bugfix-20230112";

    @BeforeEach
    void createStoppedInstance() {
        cluster.seed(MilvusBlueprint.cluster("m").version("2.1.4").metadataKeys(300));
        api.items("/apis/apps/v1/namespaces/default/deployments")
                .forEach(deployment -> api.patch(
                        JsonApi.MERGE_PATCH,
                        "/apis/apps/v1/namespaces/default/deployments/"
                                + deployment.at("/metadata/name").asText(),
                        "{spec: {replicas: 0}}"));
        createClaim();
        ObjectNode data = Json.object();
        for (String command : new String[] {"backup", "run", "rollback"}) {
            data.put(command + ".yaml", config(command, "2.1.4", "2.2.16"));
        }
        createConfig("tool", data);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void createClaim() {
        api.create(
                CORE + "persistentvolumeclaims",
                json("{metadata: {name: 'backup'}, spec: {accessModes: ['ReadWriteOnce'],"
                        + " resources: {requests: {storage: '1Gi'}}}}"));
    }

    private void createConfig(String name, ObjectNode data) {
        api.create(
                CORE + "configmaps",
                Json.object("metadata", Json.object("name", name)).<ObjectNode>set("data", data));
    }

    private static String config(String command, String from, String to) {
        return """
                cmd: {type: %s, runWithBackup: false}
                config: {sourceVersion: %s, targetVersion: %s, backupFilePath: /milvus/data/migration.bak}
                metastore: {type: etcd}
                etcd:
                  endpoints: ["m-etcd:2379"]
                  rootPath: by-dev
                  metaSubPath: meta
                  kvSubPath: kv
                """.formatted(command, from, to);
    }

    private void awaitNoSessions() {
        Awaitility.await("sessions to end")
                .atMost(Duration.ofSeconds(10))
                .until(() -> MilvusMetadata.ROLES.stream()
                        .allMatch(role -> etcd.keys(ROOT + "session/" + role).isEmpty()));
    }

    private void start(String command) {
        start(command, "tool", TOOL, "-config=/milvus/configs/meta/" + command + ".yaml");
    }

    private void start(String name, String config, String... command) {
        create(name, config, Json.object("command", List.of(command)));
    }

    private void create(String name, String config, ObjectNode container) {
        ObjectNode pod = json("""
                {metadata: {name: '%s'}, spec: {restartPolicy: 'Never', containers: [{name: 'meta-migration',
                  image: '%s',
                  volumeMounts: [{name: 'backup', mountPath: '/milvus/data'},
                                 {name: 'work', mountPath: '/milvus/work'},
                                 {name: 'config', mountPath: '/milvus/configs/meta'}]}],
                  volumes: [{name: 'backup', persistentVolumeClaim: {claimName: 'backup'}},
                            {name: 'work', emptyDir: {}},
                            {name: 'config', configMap: {name: '%s'}}]}}""".formatted(name, image, config));
        ((ObjectNode) pod.at("/spec/containers/0")).setAll(container);
        api.create(CORE + "pods", pod);
    }

    /** How it ended: the exit code, and the last line of the log. */
    private String end(String command) {
        Awaitility.await(command + " to end")
                .atMost(Duration.ofSeconds(10))
                .until(() -> api.read(CORE + "pods/" + command)
                        .at("/status/phase")
                        .asText()
                        .matches("Succeeded|Failed"));
        JsonNode status = api.read(CORE + "pods/" + command).path("status");
        String log = api.get(CORE + "pods/" + command + "/log").text();
        return status.path("phase").asText() + " "
                + status.at("/containerStatuses/0/state/terminated/exitCode").asText() + ": "
                + log.strip().replaceFirst("(?s).*\n", "");
    }

    private String run(String command) {
        start(command);
        String end = end(command);
        api.delete(CORE + "pods/" + command);
        return end;
    }

    private byte[] backup() {
        return cluster.fileOnClaim("default", "backup", "migration.bak").orElseThrow();
    }

    @Test
    void backupRunAndRollbackBringEverythingBack() {
        awaitNoSessions();
        NavigableMap<String, String> before = etcd.snapshot(ROOT);
        assertThat(before).hasSize(300);

        assertThat(run("backup")).isEqualTo("Succeeded 0: backup done");
        Map<String, String> saved = new TreeMap<>();
        MetadataBackup.read(backup())
                .forEach((key, value) -> saved.put(key, new String(value, StandardCharsets.ISO_8859_1)));
        saved.remove(ROOT + "session/id");
        assertThat(saved).isEqualTo(before);

        assertThat(run("run")).isEqualTo("Succeeded 0: run done");
        assertThat(etcd.snapshot(ROOT)).hasSize(300);
        assertThat(etcd.keys(ROOT + "migrated-2.2/")).hasSize(240);
        assertThat(etcd.keys(ROOT + "indexes/")).isEmpty();

        assertThat(run("rollback")).isEqualTo("Succeeded 0: rollback done");
        assertThat(etcd.snapshot(ROOT)).isEqualTo(before);
    }

    @Test
    void aLiveSessionIsRefused() {
        assertThat(run("run")).startsWith("Failed 1: there are still sessions alive, prefix: ");
        assertThat(etcd.snapshot(ROOT)).hasSize(300);
    }

    @Test
    void coordinatorsAndProxiesTakeTheirSessionsBackAndNodesLeaveThem() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> api.items(CORE + "pods", "labelSelector=component").isEmpty());

        assertThat(etcd.keys(ROOT + "session/"))
                .allMatch(key -> key.matches(".*/(indexnode|datanode|querynode)-\\d+|.*/id"));
        awaitNoSessions();
    }

    @ParameterizedTest
    @CsvSource({
        "2.0.2, 2.2.16, Failed 1: version not supported: 2.0.2 -> 2.2.16",
        "v2.1.4, 2.2.16, Failed 1: version not supported: v2.1.4 -> 2.2.16",
        "2.1.4, 2.3.1, Failed 1: version not supported: 2.1.4 -> 2.3.1",
        "'2.1.4', 2.2.0-rc1, 'Succeeded 0: version 2.1.4 and 2.2.0-rc1 are compatible, nothing to do'",
    })
    void versionsAreChecked(String from, String to, String end) {
        createConfig("other", Json.object("run.yaml", config("run", from, to)));
        start("run", "other", TOOL, "-config=/milvus/configs/meta/run.yaml");

        assertThat(end("run")).isEqualTo(end);
        assertThat(etcd.snapshot(ROOT)).hasSize(300);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "backup|-backup-fails|Failed 1: backup failed: write /milvus/data/migration.bak: no space left on device|300",
                "backup|-backup-cut|Succeeded 0: backup done|300",
                "backup|-backup-empty|Succeeded 0: backup done|300",
                "run|-dies-after-clean|Failed 2: run failed: index build meta not found, segment id: 1, index id: 2, index"
                        + " build id: 3|60",
                "run|-dies-half-way|Failed 137: prefix snapshots/root-coord/segment-index/ will be removed!|180",
                "run|-panics|Failed 100: unexpected error: runtime error: index out of range [0] with length 0|300",
                "run|-session-appears|Failed 2: run failed: there are still sessions alive, prefix: querynode, num of alive"
                        + " sessions: 1|190",
                "rollback|-rollback-fails|Failed 2: rollback failed: context deadline exceeded|",
            })
    void faultsOfTheImage(String command, String fault, String end, Integer keysLeft) {
        awaitNoSessions();
        if (command.equals("rollback")) {
            run("backup");
        }
        image = "milvusdb/meta-migration:v2.2.0" + fault;

        assertThat(run(command)).isEqualTo(end);
        if (keysLeft != null) {
            assertThat(etcd.snapshot(ROOT)).hasSize(keysLeft);
        }
    }

    @Test
    void aCutBackupHasAHeaderThatPromisesMore() {
        awaitNoSessions();
        cluster.inject(ToolFault.backupCut().afterKeys(7).times(1));

        run("backup");
        assertThat(MetadataBackup.read(backup())).hasSize(7);
        byte[] cut = backup();
        run("backup");
        assertThat(MetadataBackup.read(backup())).hasSize(301);
        assertThat(backup()).startsWith(Arrays.copyOf(cut, 8 + cut[0]));
    }

    @Test
    void aRollbackWithoutABackupLeavesNothing() {
        awaitNoSessions();

        assertThat(run("rollback"))
                .isEqualTo("Failed 2: rollback failed: open /milvus/data/migration.bak: no such file or directory");

        assertThat(etcd.snapshot(ROOT)).hasSize(60);
    }

    @Test
    void aToolThatIsDeletedStopsWhereItIsAndItsSessionStaysForAWhile() {
        awaitNoSessions();
        cluster.inject(ToolFault.hangs().times(1));
        start("run");
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> etcd.snapshot(ROOT).size() == 60);

        api.delete(CORE + "pods/run", "gracePeriodSeconds=0");
        assertThat(run("run")).isEqualTo("Failed 1: other migration is running");
        assertThat(etcd.snapshot(ROOT)).hasSize(60);
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> etcd.keys(ROOT + "session/migration").isEmpty());
        assertThat(run("run")).isEqualTo("Succeeded 0: run done");
    }

    @Test
    void theBackupIsLostWithItsClaim() {
        awaitNoSessions();
        run("backup");
        api.delete(CORE + "persistentvolumeclaims/backup");
        createClaim();

        assertThat(cluster.fileOnClaim("default", "backup", "migration.bak")).isEmpty();
    }

    @Test
    void anotherPodReadsTheBackup() {
        awaitNoSessions();
        run("backup");
        start("reader", "tool", "sleep", "86400");
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> api.read(CORE + "pods/reader")
                        .at("/status/phase")
                        .asText()
                        .equals("Running"));

        assertThat(ExecSession.run(cluster, "reader", "cat", "/milvus/data/migration.bak")
                        .bytes())
                .isEqualTo(backup().length);
    }

    @Test
    void aShellMayStandInFront() {
        awaitNoSessions();

        start("backup", "tool", "/bin/sh", "-c", TOOL + " -config=/milvus/configs/meta/backup.yaml");

        assertThat(end("backup")).isEqualTo("Succeeded 0: backup done");
    }

    @Test
    void aScriptMayAddTheAccount() {
        etcd.requireLogin("root", "it's");
        awaitNoSessions();
        assertThat(run("backup")).isEqualTo("Failed 1: etcdserver: user name is empty");
        String script = """
                set -eu
                quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/''/g")"; }
                cat "$1" > "$2"
                printf '  auth:\\n    enabled: true\\n    userName: %s\\n    password: %s\\n' \\
                  "$(quoted "$NAME")" "$(quoted "$WORD")" >> "$2"
                exec /milvus/bin/meta-migration "-config=$2"
                """;
        ObjectNode container = Json.object(
                "command",
                List.of("/bin/sh", "-c", script, "tool", "/milvus/configs/meta/backup.yaml", "/milvus/work/b.yaml"));
        container.set(
                "env",
                Json.array(Json.object("name", "NAME", "value", "root"), Json.object("name", "WORD", "value", "it's")));

        create("backup", "tool", container);

        assertThat(end("backup")).isEqualTo("Succeeded 0: backup done");
    }
}
