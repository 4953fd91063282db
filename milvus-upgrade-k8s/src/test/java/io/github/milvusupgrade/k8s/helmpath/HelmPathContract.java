package io.github.milvusupgrade.k8s.helmpath;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.chart.ChartRepository;
import io.github.milvusupgrade.k8s.helm.HelmClient;
import io.github.milvusupgrade.k8s.helm.HelmUpgrade;
import io.github.milvusupgrade.k8s.release.HelmRelease;
import io.github.milvusupgrade.k8s.release.ReleaseHistory;
import io.github.milvusupgrade.k8s.release.ReleaseReader;
import io.github.milvusupgrade.k8s.testing.HelmRecord;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.k8s.testing.RolloutRecord;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.run.UpgradeReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the helm path promises, by every Helm and on every cluster: a release of 2.2.2 that a person has installed comes
 * to 2.2.16 in the order of its components, and says so afterwards.
 */
abstract class HelmPathContract {

    static final String RELEASE = "my-release";
    static final String OLD_IMAGE = "milvusdb/milvus:v2.2.2";
    static final String NEW_IMAGE = InstalledMilvus.NEW_IMAGE;
    static final Duration MINUTE = Duration.ofMinutes(1);

    /** A user's values: replicas, a setting of Milvus and a password. */
    static final String USER_VALUES = """
            {components: {querynode: {replicas: 2}},
             extraConfigFiles: {'user.yaml': 'minio: {secretAccessKey: hunter2}'}}
            """;

    private static final List<String> OFFICIAL_ORDER = List.of(
            "rootcoord", "datacoord", "indexcoord", "querycoord", "indexnode", "datanode", "querynode", "proxy");

    @TempDir
    Path folder;

    private final Supplier<TestBed> beds;
    private TestBed bed;
    private InstalledMilvus milvus;

    HelmPathContract(Supplier<TestBed> beds) {
        this.beds = beds;
    }

    abstract HelmClient helm(String kubeconfig);

    /** As a person installs a release, by the same kind of Helm. */
    abstract void install(String namespace, Path chart, Path values, Path kubeconfig);

    @BeforeEach
    void open() {
        bed = beds.get();
        milvus = new InstalledMilvus(bed, RELEASE);
        MilvusCharts.in(folder.resolve("charts"));
    }

    @AfterEach
    void close() {
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void aReleaseComesToTheTargetInTheOfficialOrderAndSaysSo() {
        installed(USER_VALUES);
        try (RolloutRecord record = milvus.record()) {
            UpgradeReport report = milvus.upgrade(options());

            assertThat(report.succeeded()).as(report.describe()).isTrue();
            assertThat(record.orderOf(NEW_IMAGE)).containsExactlyElementsOf(OFFICIAL_ORDER);
            for (int i = 1; i < OFFICIAL_ORDER.size(); i++) {
                assertThat(record.begun(OFFICIAL_ORDER.get(i), NEW_IMAGE))
                        .isGreaterThan(record.complete(OFFICIAL_ORDER.get(i - 1), NEW_IMAGE));
            }
            assertThat(report.describe()).doesNotContain("hunter2");
        }
        assertThat(milvus.replicaSetsOn(NEW_IMAGE))
                .hasSize(8)
                .allSatisfy((name, count) -> assertThat(count).isEqualTo(1));
        HelmRelease newest = history().newest();
        assertThat(newest.toString())
                .isEqualTo("release " + bed.namespace() + "/my-release revision 2 (deployed), chart milvus 4.0.34"
                        + " (Milvus 2.2.14)");
        ObjectNode wanted = JsonApi.json(USER_VALUES);
        wanted.withObject("/image/all").put("tag", "v2.2.16");
        assertThat(newest.config()).isEqualTo(wanted);
        assertThat(newest.description()).startsWith("milvus-upgrade to 2.2.16 (run r2");
    }

    @Test
    void theNextPlainHelmUpgradeChangesNoPod() {
        installed(USER_VALUES);
        assertSucceeded(milvus.upgrade(options()));
        Map<String, String> pods = pods();

        HelmRelease newest = history().newest();
        Path chart = MilvusCharts.chart(folder.resolve("charts"), MilvusCharts.NEW);
        helm().upgrade(
                        new HelmUpgrade(bed.namespace(), RELEASE, chart, newest.config(), "unchanged"),
                        MINUTE,
                        () -> false);

        assertThat(history().newest().revision()).isEqualTo(3);
        assertThat(pods()).isEqualTo(pods);
    }

    @Test
    void theNextHelmUpgradeMaySetWhatThisOneHasSet() {
        installed(USER_VALUES);
        assertSucceeded(milvus.upgrade(options()));
        ObjectNode values = history().newest().config();
        values.withObject("/image/all").put("tag", "v2.2.15");

        Path chart = MilvusCharts.chart(charts(), MilvusCharts.NEW);
        helm().upgrade(new HelmUpgrade(bed.namespace(), RELEASE, chart, values, "another image"), MINUTE, () -> false);

        milvus.awaitSettled();
        assertAllRun("milvusdb/milvus:v2.2.15");
    }

    /** The strategy of the coordinators changes along: other parameters belong to it. */
    @Test
    void goingBackBringsImagesValuesAndReleaseBack() {
        installed(USER_VALUES);
        Upgrader upgrader = milvus.upgrader(KubernetesOptions.defaults()
                        .withHelm(helmOptions().withValues(JsonApi.json("{activeStandby: true}"))))
                .build();
        UpgradeReport report = upgrader.execute(upgrader.plan(InstalledMilvus.TARGET));
        assertSucceeded(report);

        UpgradeReport back = upgrader.execute(upgrader.planRollback(report.run()));

        assertSucceeded(back);
        assertAllRun(OLD_IMAGE);
        HelmRelease newest = history().newest();
        assertThat(newest.chartVersion()).isEqualTo(MilvusCharts.OLD);
        assertThat(newest.config()).isEqualTo(JsonApi.json(USER_VALUES));
        assertThat(milvus.replicaSetsOn(OLD_IMAGE))
                .allSatisfy((name, count) -> assertThat(count).isEqualTo(1));
    }

    @Test
    void aRunThatGotStuckIsTakenBackAndHelmWasNeverAsked() {
        installed("{podAnnotations: {sim.cluster/fault: 'v2.2.16=image-missing'}}");
        Upgrader upgrader = milvus.upgrader(options()).build();
        UpgradeReport report = upgrader.execute(upgrader.plan(InstalledMilvus.TARGET));
        assertThat(report.failure().orElseThrow().code()).isEqualTo(Code.IMAGE_UNAVAILABLE);

        assertSucceeded(upgrader.execute(upgrader.planRollback(report.run())));

        assertAllRun(OLD_IMAGE);
        assertThat(history().revisions()).hasSize(1);
    }

    @Test
    void row83ARunWhoseHelmWasKilledResumes() {
        installed("{}");
        UpgradeReport killed = runWhoseHelmIsKilled();

        assertSucceeded(milvus.upgrader(options()).build().resume(killed.run()));

        assertThat(states()).containsExactly("3 deployed", "2 failed", "1 superseded");
        assertThat(history().revision(2).orElseThrow().description())
                .isEqualTo("Killed, and marked as failed by milvus-upgrade run " + killed.run());
        assertAllRun(NEW_IMAGE);
    }

    @Test
    void row83ARunWhoseHelmWasKilledIsTakenBack() {
        installed("{}");
        UpgradeReport killed = runWhoseHelmIsKilled();
        Upgrader upgrader = milvus.upgrader(options()).build();

        assertSucceeded(upgrader.execute(upgrader.planRollback(killed.run())));

        assertThat(states()).startsWith("3 deployed", "2 failed");
        assertThat(history().newest().chartVersion()).isEqualTo(MilvusCharts.OLD);
        assertAllRun(OLD_IMAGE);
    }

    private UpgradeReport runWhoseHelmIsKilled() {
        Upgrader dying = milvus.upgrader(KubernetesOptions.defaults()
                        .withHelm(HelmOptions.of(
                                new KilledHelm(helm(), () -> pend(2), new AtomicBoolean()),
                                ChartRepository.open(charts().toString()),
                                folder.resolve("fetched"))))
                .build();
        UpgradeReport report = dying.execute(dying.plan(InstalledMilvus.TARGET));
        assertThat(report.succeeded()).isFalse();
        assertThat(history().pending()).isPresent();
        return report;
    }

    final List<String> states() {
        return history().revisions().stream()
                .map(revision -> revision.number() + " " + revision.status())
                .toList();
    }

    @Test
    void aRollingUpgradeEndsWithARevisionIfThatIsAskedFor() {
        installed("{image: {all: {tag: 'v2.2.3'}}}");
        Upgrader upgrader = milvus.upgrader(KubernetesOptions.defaults()
                        .withProfile(Profiles.official(0))
                        .withCoordinatorSettling(Duration.ZERO)
                        .withHelm(helmOptions().alignRelease()))
                .build();

        UpgradeReport report = upgrader.execute(upgrader.plan(InstalledMilvus.TARGET));

        assertSucceeded(report);
        HelmRelease newest = history().newest();
        assertThat(newest.chartVersion()).isEqualTo(MilvusCharts.OLD);
        assertThat(newest.config()).isEqualTo(JsonApi.json("{image: {all: {tag: 'v2.2.16'}}}"));
        assertThat(milvus.replicaSetsOn(NEW_IMAGE))
                .hasSize(8)
                .allSatisfy((name, count) -> assertThat(count).isEqualTo(1));
        Map<String, String> pods = pods();
        Path chart = MilvusCharts.chart(charts(), MilvusCharts.OLD);
        helm().upgrade(
                        new HelmUpgrade(bed.namespace(), RELEASE, chart, newest.config(), "unchanged"),
                        MINUTE,
                        () -> false);
        assertThat(pods()).isEqualTo(pods);

        assertSucceeded(upgrader.execute(upgrader.planRollback(report.run())));

        assertAllRun("milvusdb/milvus:v2.2.3");
        assertThat(history().newest().config()).isEqualTo(JsonApi.json("{image: {all: {tag: 'v2.2.3'}}}"));
    }

    final HelmClient helm() {
        return helm(bed.kubeconfig());
    }

    final TestBed bed() {
        return bed;
    }

    final InstalledMilvus milvus() {
        return milvus;
    }

    final Path charts() {
        return folder.resolve("charts");
    }

    final void installed(String values) {
        install(
                bed.namespace(),
                MilvusCharts.chart(charts(), MilvusCharts.OLD),
                write("values.yaml", values),
                write("kubeconfig", bed.kubeconfig()));
        milvus.awaitSettled();
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final KubernetesOptions options() {
        return KubernetesOptions.defaults().withHelm(helmOptions());
    }

    final HelmOptions helmOptions() {
        return HelmOptions.of(helm(), ChartRepository.open(charts().toString()), folder.resolve("fetched"));
    }

    final ReleaseHistory history() {
        return new ReleaseReader(KubeApi.over(bed.apiClient(), KubeApiOptions.defaults()), bed.namespace(), RELEASE)
                .history()
                .orElseThrow();
    }

    /** As a Helm leaves it that was killed in the middle of an upgrade. */
    final void pend(int revision) {
        String secrets = "/api/v1/namespaces/" + bed.namespace() + "/secrets";
        ObjectNode secret = (ObjectNode) bed.api().read(secrets + "/sh.helm.release.v1.my-release.v1");
        ObjectNode metadata = secret.putObject("metadata");
        metadata.put("name", "sh.helm.release.v1.my-release.v" + revision)
                .putObject("labels")
                .put("name", RELEASE)
                .put("owner", "helm")
                .put("status", "pending-upgrade")
                .put("version", Integer.toString(revision));
        ObjectNode record = HelmRecord.decode(secret.at("/data/release").asText());
        record.put("version", revision);
        record.withObject("/info").put("status", "pending-upgrade");
        secret.withObject("/data").put("release", HelmRecord.encode(record));
        bed.api().create(secrets, secret);
    }

    final Map<String, String> pods() {
        Map<String, String> pods = new TreeMap<>();
        Stream.of("rootcoord", "datacoord", "indexcoord", "querycoord", "indexnode", "datanode", "querynode", "proxy")
                .forEach(component -> pods.putAll(milvus.podUids(component)));
        return pods;
    }

    static Finding finding(Upgrader upgrader, String check) {
        return upgrader.preflight(upgrader.plan(InstalledMilvus.TARGET)).findings().stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    final void assertAllRun(String image) {
        assertThat(milvus.images())
                .hasSize(8)
                .allSatisfy((component, images) -> assertThat(images).containsExactly(image));
    }

    static void assertSucceeded(UpgradeReport report) {
        assertThat(report.succeeded()).as(report.describe()).isTrue();
    }
}
