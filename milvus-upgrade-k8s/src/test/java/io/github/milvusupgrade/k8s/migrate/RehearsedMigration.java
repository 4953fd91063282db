package io.github.milvusupgrade.k8s.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Patch;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/** A Milvus 2.1.4 on a cluster within this process, about to be migrated. */
final class RehearsedMigration implements AutoCloseable {

    static final String NAMESPACE = "default";
    static final String INSTANCE = "my-release";
    static final String PREFIX = "by-dev/meta/";
    static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    final RehearsalCluster cluster = RehearsalCluster.builder().speed(100).start();
    final KubeApi api = KubeApi.over(cluster.apiClient(), KubeApiOptions.defaults());
    final SortedMap<String, String> before;

    private Duration lease = Duration.ofSeconds(60);
    private MigrateOptions options = MigrateOptions.defaults().withSessionTimeout(Duration.ofSeconds(20));

    RehearsedMigration() {
        this(blueprint -> blueprint);
    }

    RehearsedMigration(UnaryOperator<MilvusBlueprint> changes) {
        cluster.seed(changes.apply(MilvusBlueprint.cluster(INSTANCE).version("2.1.4")));
        before = metadata();
    }

    RehearsedMigration with(UnaryOperator<MigrateOptions> change) {
        options = change.apply(options);
        return this;
    }

    /** The metadata in etcd, without sessions. */
    SortedMap<String, String> metadata() {
        return cluster.etcd().snapshot(PREFIX);
    }

    /** How many keys a backup holds: also the counter of sessions, which every start of a component raises. */
    int keys() {
        return metadata().size() + 1;
    }

    /** Lets the configuration of the instance say that etcd asks for an account. */
    RehearsedMigration askingForAnAccount() {
        return withConfig("etcd:\n", "etcd:\n  auth:\n    enabled: true\n");
    }

    RehearsedMigration withConfig(String text, String replacement) {
        ObjectRef ref = Resource.CONFIG_MAPS.in(NAMESPACE, INSTANCE + "-milvus");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode data = body.putObject("data");
        api.get(ref)
                .path("data")
                .properties()
                .forEach(entry ->
                        data.put(entry.getKey(), entry.getValue().asText().replace(text, replacement)));
        api.patch(ref, Patch.merge(body), sent -> true);
        return this;
    }

    RehearsedMigration withLease(Duration duration) {
        lease = duration;
        return this;
    }

    KubernetesMilvusCluster milvus() {
        return KubernetesMilvusCluster.connect(
                cluster.apiClient(),
                NAMESPACE,
                INSTANCE,
                KubernetesOptions.defaults().withMigrate(options).withLeaseDuration(lease));
    }

    Upgrader.Builder upgrader() {
        return Upgrader.forCluster(milvus());
    }

    UpgradeReport run() {
        return run(upgrader().build());
    }

    UpgradeReport run(Upgrader upgrader) {
        return upgrader.execute(upgrader.plan(TARGET));
    }

    /** Goes on with whatever is unfinished until nothing is, as an operator would after a death. */
    void settle(UpgradeJournal journal) {
        Upgrader upgrader = upgrader().journal(journal).build();
        for (int attempt = 0; attempt < 5; attempt++) {
            List<JournaledRun> unfinished =
                    upgrader.runs().stream().filter(JournaledRun::unfinished).toList();
            if (unfinished.isEmpty()) {
                return;
            }
            upgrader.resume(unfinished.get(unfinished.size() - 1).header().run());
        }
        throw new AssertionError("still unfinished: " + upgrader.runs());
    }

    List<DeploymentView> deployments() {
        return api.list(Selection.all(Resource.DEPLOYMENTS, NAMESPACE)).map(DeploymentView::new);
    }

    /** The pods of the instance. */
    List<PodView> milvusPods() {
        return api.list(Selection.all(Resource.PODS, NAMESPACE)
                        .withLabels("app.kubernetes.io/instance=" + INSTANCE + ",app.kubernetes.io/name=milvus"))
                .map(PodView::new);
    }

    /** The pods that the migration made. */
    List<String> toolPods() {
        return api
                .list(Selection.all(Resource.PODS, NAMESPACE).withLabels(MigrationObjects.INSTANCE + "=" + INSTANCE))
                .map(PodView::new)
                .stream()
                .map(PodView::name)
                .toList();
    }

    List<String> claims() {
        return api.list(Selection.all(Resource.PERSISTENT_VOLUME_CLAIMS, NAMESPACE)).items().stream()
                .map(claim -> claim.path("metadata").path("name").asText())
                .filter(name -> name.startsWith("milvus-upgrade-"))
                .toList();
    }

    void assertOldServesOnItsExactMetadata() {
        assertThat(metadata()).as("metadata").isEqualTo(before);
        assertServes("v2.1.4");
    }

    void assertNewServesOnMigratedMetadata() {
        assertThat(metadata()).as("metadata").isNotEqualTo(before).isNotEmpty();
        assertServes("v2.2.16");
    }

    /** Nothing was stopped, and nothing is left of an attempt. */
    void assertUntouched() {
        assertOldServesOnItsExactMetadata();
        assertThat(deployments())
                .allSatisfy(deployment -> assertThat(deployment.generation())
                        .as(deployment.name())
                        .isEqualTo(1));
        assertThat(claims()).isEmpty();
        assertThat(toolPods()).isEmpty();
    }

    private void assertServes(String tag) {
        assertThat(deployments()).isNotEmpty().allSatisfy(deployment -> {
            assertThat(deployment.containers())
                    .as(deployment.name())
                    .anySatisfy(container -> assertThat(container.image()).endsWith(":" + tag));
            assertThat(deployment.availableReplicas()).as(deployment.name()).isEqualTo(deployment.replicas());
            assertThat(deployment.annotations()).doesNotContainKey("milvusupgrade.github.io/replicas");
        });
        assertThat(deployments().stream().mapToInt(DeploymentView::replicas).sum())
                .isPositive();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
