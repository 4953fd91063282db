package io.github.milvusupgrade.k8s.migrate;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How metadata is migrated from Milvus 2.1 to 2.2. Immutable; every {@code with} returns changed options. Where nothing
 * is said, the configuration of the instance and its Services tell where its metadata is.
 */
public final class MigrateOptions {

    private final Draft chosen;

    private MigrateOptions(Draft chosen) {
        this.chosen = chosen;
    }

    /** The fields, while they are put together; never changed once they belong to options. */
    private static final class Draft implements Cloneable {

        private List<String> endpoints = List.of();
        private Optional<String> rootPath = Optional.empty();
        private Optional<String> metaSubPath = Optional.empty();
        private Optional<String> kvSubPath = Optional.empty();
        private Optional<EtcdAccount> account = Optional.empty();
        private Optional<EtcdCertificates> certificates = Optional.empty();
        /** The newest that there is, and the default of migrate.sh. */
        private String toolImage = "milvusdb/meta-migration:v2.2.0-bugfix-20230112";

        private String probeImage = "quay.io/coreos/etcd:v3.5.16";
        private Optional<ImageRewrite> rewrite = Optional.empty();
        private Optional<String> storageClass = Optional.empty();
        private String backupSize = "10Gi";
        private PodSettings pods = PodSettings.none();
        private boolean removesPods;
        private Optional<Duration> blindWait = Optional.empty();
        private Duration toolTimeout = Duration.ofHours(1);
        private Duration sessionTimeout = Duration.ofMinutes(2);

        private Draft with(Consumer<Draft> change) {
            try {
                Draft changed = (Draft) clone();
                change.accept(changed);
                return changed;
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * The tool {@code milvusdb/meta-migration:v2.2.0-bugfix-20230112}; the default storage class, 10 GiB for the
     * backup; etcd is asked in its own pod, or from a pod made for it if it is not in the namespace; the tool has an
     * hour; pods that have ended stay for their logs.
     */
    public static MigrateOptions defaults() {
        return new MigrateOptions(new Draft());
    }

    /**
     * Where etcd is reached from within the namespace, as {@code host:port}; all its members may be named. Without it,
     * what the instance is configured with counts, and failing that the Service of its etcd ({@code -e} of migrate.sh).
     */
    public MigrateOptions withEtcdEndpoints(List<String> endpoints) {
        if (endpoints.isEmpty() || endpoints.stream().anyMatch(MigrateOptions::isNoEndpoint)) {
            throw new IllegalArgumentException(
                    endpoints + " are no endpoints of etcd. Each is host:port, without a scheme.");
        }
        return with(draft -> draft.endpoints = List.copyOf(endpoints));
    }

    private static boolean isNoEndpoint(String endpoint) {
        return !endpoint.matches("[^\\s:/,]+:\\d{1,5}|\\[[0-9a-fA-F:]+]:\\d{1,5}");
    }

    /** {@code etcd.rootPath} ({@code -r} of migrate.sh), if the configuration of the instance does not tell it. */
    public MigrateOptions withRootPath(String path) {
        return with(draft -> draft.rootPath = Optional.of(checkedPath(path)));
    }

    /** {@code etcd.metaSubPath}, if the configuration of the instance does not tell it; {@code meta} by default. */
    public MigrateOptions withMetaSubPath(String path) {
        return with(draft -> draft.metaSubPath = Optional.of(checkedPath(path)));
    }

    /** {@code etcd.kvSubPath}, if the configuration of the instance does not tell it; {@code kv} by default. */
    public MigrateOptions withKvSubPath(String path) {
        return with(draft -> draft.kvSubPath = Optional.of(checkedPath(path)));
    }

    private static String checkedPath(String path) {
        if (!path.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")) {
            throw new IllegalArgumentException("\"" + path
                    + "\" is no path in etcd: letters, digits, '.', '_' and '-', parted by single slashes.");
        }
        return path;
    }

    /** The account that etcd asks for. */
    public MigrateOptions withEtcdAccount(EtcdAccount account) {
        return with(draft -> draft.account = Optional.of(account));
    }

    /** TLS with etcd. */
    public MigrateOptions withEtcdCertificates(EtcdCertificates certificates) {
        return with(draft -> draft.certificates = Optional.of(certificates));
    }

    /** The image of the migration tool ({@code -m} of migrate.sh); it must have {@code cat} and {@code sleep}. */
    public MigrateOptions withToolImage(String image) {
        return with(draft -> draft.toolImage = image);
    }

    /**
     * The image of the pod that asks an etcd outside of the namespace, or one that asks for an account or certificates;
     * it must have {@code etcdctl} 3.4 or later. {@code quay.io/coreos/etcd:v3.5.16} by default.
     */
    public MigrateOptions withProbeImage(String image) {
        return with(draft -> draft.probeImage = image);
    }

    /** Where the images of the tool and of the probe come from. The image of Milvus keeps its own registry. */
    public MigrateOptions rewritingImages(ImageRewrite rule) {
        return with(draft -> draft.rewrite = Optional.of(rule));
    }

    /** The storage class of the volume for the backup ({@code -c} of migrate.sh); the default one otherwise. */
    public MigrateOptions withStorageClass(String name) {
        return with(draft -> draft.storageClass = Optional.of(name));
    }

    /** How large the volume for the backup is, as Kubernetes writes it, such as {@code 50Gi}. */
    public MigrateOptions withBackupSize(String quantity) {
        if (!quantity.matches("[1-9]\\d*(\\.\\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)?")) {
            throw new IllegalArgumentException("\"" + quantity + "\" is no size, such as 50Gi.");
        }
        return with(draft -> draft.backupSize = quantity);
    }

    /** What the pods of the migration need. */
    public MigrateOptions withPods(PodSettings settings) {
        return with(draft -> draft.pods = settings);
    }

    /**
     * Remove the tool's pods and its ConfigMap after success ({@code -d} of migrate.sh). The volume with the backup is
     * never removed by the library.
     */
    public MigrateOptions removingPods() {
        return with(draft -> draft.removesPods = true);
    }

    /**
     * Do not look into etcd at all, where neither its own pods nor a pod made for it can be asked: wait this long for
     * sessions to end (migrate.sh waits 75 s; the time to live of a session of Milvus 2.1 is 60 s by default). The
     * backup is still proven, but not against etcd, and a wrong root path is noticed only by an empty backup.
     */
    public MigrateOptions withBlindWait(Duration wait) {
        if (wait.isNegative() || wait.isZero()) {
            throw new IllegalArgumentException("A blind wait must last some time, but got " + wait + ".");
        }
        return with(draft -> draft.blindWait = Optional.of(wait));
    }

    /** How long one run of the tool may take: it reads and writes key by key. */
    public MigrateOptions withToolTimeout(Duration timeout) {
        return with(draft -> draft.toolTimeout = timeout);
    }

    /**
     * How long sessions in etcd may take to end after all pods are gone; 2 minutes by default, which is twice the time
     * to live of the longest, that of the tool itself (60 s).
     */
    public MigrateOptions withSessionTimeout(Duration timeout) {
        return with(draft -> draft.sessionTimeout = timeout);
    }

    List<String> endpoints() {
        return chosen.endpoints;
    }

    Optional<String> rootPath() {
        return chosen.rootPath;
    }

    Optional<String> metaSubPath() {
        return chosen.metaSubPath;
    }

    Optional<String> kvSubPath() {
        return chosen.kvSubPath;
    }

    Optional<EtcdAccount> account() {
        return chosen.account;
    }

    Optional<EtcdCertificates> certificates() {
        return chosen.certificates;
    }

    String toolImage() {
        return rewritten(chosen.toolImage);
    }

    String probeImage() {
        return rewritten(chosen.probeImage);
    }

    Optional<String> storageClass() {
        return chosen.storageClass;
    }

    String backupSize() {
        return chosen.backupSize;
    }

    PodSettings pods() {
        return chosen.pods;
    }

    boolean removesPods() {
        return chosen.removesPods;
    }

    Optional<Duration> blindWait() {
        return chosen.blindWait;
    }

    Duration toolTimeout() {
        return chosen.toolTimeout;
    }

    Duration sessionTimeout() {
        return chosen.sessionTimeout;
    }

    private String rewritten(String image) {
        return chosen.rewrite.map(rule -> rule.of(image)).orElse(image);
    }

    private MigrateOptions with(Consumer<Draft> change) {
        return new MigrateOptions(chosen.with(change));
    }
}
