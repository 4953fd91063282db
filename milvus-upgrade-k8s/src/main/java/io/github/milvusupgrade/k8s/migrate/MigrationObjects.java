package io.github.milvusupgrade.k8s.migrate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What the objects of one migration look like: the volume claim for the backup, the ConfigMap for the tool, the pods.
 * Their names begin with that of the run, so that no run meets what another one left; their labels are not those of the
 * instance, so that neither Helm nor an autoscaler nor a look at the instance takes them for a part of it.
 */
final class MigrationObjects {

    static final String INSTANCE = "milvusupgrade.github.io/migration";
    static final String RUN = "milvusupgrade.github.io/run";

    static final String TOOL_CONTAINER = "meta-migration";
    static final String READER_CONTAINER = "reader";
    static final String PROBE_CONTAINER = "etcdctl";

    private static final String DATA = "/milvus/data";
    private static final String WORK = "/milvus/work";

    /**
     * Adds the account to the configuration and starts the tool. Nothing is put into this text: what differs comes as
     * arguments and from the environment, and is quoted for YAML where it is written.
     */
    private static final String WITH_ACCOUNT = """
            set -eu
            umask 077
            quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/''/g")"; }
            cat "$1" > "$2"
            printf '  auth:\\n    enabled: true\\n    userName: %s\\n    password: %s\\n' \
              "$(quoted "$ETCD_USER")" "$(quoted "$ETCD_PASSWORD")" >> "$2"
            exec /milvus/bin/meta-migration "-config=$2"
            """;

    private final Migration migration;
    private final String prefix;

    /**
     * Make them.
     *
     * @param prefix what all names begin with
     */
    MigrationObjects(Migration migration, String prefix) {
        this.migration = migration;
        this.prefix = prefix;
    }

    String claimName() {
        return prefix + "-backup";
    }

    String configMapName() {
        return prefix + "-migration";
    }

    ObjectNode claim() {
        ObjectNode claim = object("v1", "PersistentVolumeClaim", claimName());
        ObjectNode spec = claim.putObject("spec");
        spec.putArray("accessModes").add("ReadWriteOnce");
        migration.options().storageClass().ifPresent(name -> spec.put("storageClassName", name));
        spec.putObject("resources")
                .putObject("requests")
                .put("storage", migration.options().backupSize());
        return claim;
    }

    ObjectNode configMap() {
        ObjectNode configMap = object("v1", "ConfigMap", configMapName());
        ObjectNode data = configMap.putObject("data");
        for (ToolCommand command : ToolCommand.values()) {
            data.put(
                    ToolConfig.fileName(command),
                    ToolConfig.text(
                            command,
                            migration.hop().from(),
                            migration.hop().to(),
                            migration.place(),
                            migration.options().certificates().isPresent()));
        }
        return configMap;
    }

    /** The pod that runs the tool once. */
    ObjectNode toolPod(String name, ToolCommand command) {
        String config = ToolConfig.FOLDER + "/" + ToolConfig.fileName(command);
        boolean withAccount = migration.options().account().isPresent();
        List<String> words = withAccount
                ? List.of(
                        "/bin/sh", "-c", WITH_ACCOUNT, "meta-migration", config, WORK + "/" + command.word() + ".yaml")
                : List.of("/milvus/bin/meta-migration", "-config=" + config);
        ObjectNode pod = pod(name, TOOL_CONTAINER, migration.toolImage(), words);
        mountBackup(pod);
        mount(pod, "config", ToolConfig.FOLDER).putObject("configMap").put("name", configMapName());
        mountCertificates(pod);
        if (withAccount) {
            mount(pod, "work", WORK).putObject("emptyDir").put("medium", "Memory");
            giveAccount(pod);
        }
        return pod;
    }

    /**
     * The pod that does nothing but hold the backup's volume, to read it from. It does not listen to SIGTERM, and has
     * nothing to lose.
     */
    ObjectNode readerPod(String name) {
        ObjectNode pod = pod(name, READER_CONTAINER, migration.toolImage(), List.of("sleep", "86400"));
        ((ObjectNode) pod.path("spec")).put("terminationGracePeriodSeconds", 1);
        mountBackup(pod);
        return pod;
    }

    /** The pod that etcd is asked from. That it watches keeps it alive, without a shell in its image. */
    ObjectNode probePod(String name) {
        List<String> words = new ArrayList<>(List.of("etcdctl"));
        words.addAll(probeFlags());
        words.addAll(List.of("watch", "--prefix", migration.place().sessions()));
        ObjectNode pod = pod(name, PROBE_CONTAINER, migration.options().probeImage(), words);
        mountCertificates(pod);
        giveAccount(pod);
        container(pod)
                .withArrayProperty("env")
                .addObject()
                .put("name", "ETCDCTL_API")
                .put("value", "3");
        return pod;
    }

    /** What {@code etcdctl} is told in the probe's pod; the account comes from the environment. */
    List<String> probeFlags() {
        boolean tls = migration.options().certificates().isPresent();
        List<String> endpoints = migration.place().endpoints().stream()
                .map(endpoint -> (tls ? "https://" : "http://") + endpoint)
                .toList();
        List<String> flags = new ArrayList<>();
        flags.add("--endpoints=" + String.join(",", endpoints));
        if (tls) {
            flags.add("--cacert=" + ToolConfig.CERTIFICATES + "/ca.crt");
            flags.add("--cert=" + ToolConfig.CERTIFICATES + "/tls.crt");
            flags.add("--key=" + ToolConfig.CERTIFICATES + "/tls.key");
        }
        return flags;
    }

    private ObjectNode pod(String name, String container, String image, List<String> words) {
        ObjectNode pod = object("v1", "Pod", name);
        ObjectNode spec = pod.putObject("spec");
        spec.put("restartPolicy", "Never")
                .put("terminationGracePeriodSeconds", 5)
                .put("automountServiceAccountToken", false)
                .put("enableServiceLinks", false);
        migration.options().pods().putIntoPod(spec);
        ObjectNode only = spec.putArray("containers").addObject();
        only.put("name", container).put("image", image);
        words.forEach(only.putArray("command")::add);
        migration.options().pods().putIntoContainer(only);
        return pod;
    }

    private static ObjectNode container(ObjectNode pod) {
        return (ObjectNode) pod.path("spec").path("containers").path(0);
    }

    private void mountBackup(ObjectNode pod) {
        mount(pod, "backup", DATA).putObject("persistentVolumeClaim").put("claimName", claimName());
    }

    private void mountCertificates(ObjectNode pod) {
        migration.options().certificates().ifPresent(certificates -> {
            ObjectNode secret =
                    mount(pod, "certificates", ToolConfig.CERTIFICATES).putObject("secret");
            secret.put("secretName", certificates.secret());
            item(secret, certificates.authorityKey(), "ca.crt");
            item(secret, certificates.certificateKey(), "tls.crt");
            item(secret, certificates.privateKeyKey(), "tls.key");
        });
    }

    private static void item(ObjectNode secret, String key, String path) {
        secret.withArrayProperty("items").addObject().put("key", key).put("path", path);
    }

    private static ObjectNode mount(ObjectNode pod, String volume, String path) {
        container(pod)
                .withArrayProperty("volumeMounts")
                .addObject()
                .put("name", volume)
                .put("mountPath", path);
        return ((ObjectNode) pod.path("spec"))
                .withArrayProperty("volumes")
                .addObject()
                .put("name", volume);
    }

    /** {@code etcdctl} takes name and password as one; the kubelet puts them together. */
    private void giveAccount(ObjectNode pod) {
        migration.options().account().ifPresent(account -> {
            secretVariable(pod, "ETCD_USER", account.secret(), account.userKey());
            secretVariable(pod, "ETCD_PASSWORD", account.secret(), account.passwordKey());
            container(pod)
                    .withArrayProperty("env")
                    .addObject()
                    .put("name", "ETCDCTL_USER")
                    .put("value", "$(ETCD_USER):$(ETCD_PASSWORD)");
        });
    }

    private static void secretVariable(ObjectNode pod, String name, String secret, String key) {
        container(pod)
                .withArrayProperty("env")
                .addObject()
                .put("name", name)
                .putObject("valueFrom")
                .putObject("secretKeyRef")
                .put("name", secret)
                .put("key", key);
    }

    private ObjectNode object(String apiVersion, String kind, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        object.putObject("metadata")
                .put("name", name)
                .put("namespace", migration.id().namespace())
                .putObject("labels")
                .put("app.kubernetes.io/managed-by", "milvus-upgrade")
                .put(INSTANCE, migration.id().instance())
                .put(RUN, prefix);
        return object;
    }
}
