package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.MilvusCluster;
import io.github.milvusupgrade.examples.tooling.Arguments.Embedded;
import io.github.milvusupgrade.examples.tooling.Arguments.Live;
import io.github.milvusupgrade.examples.tooling.Arguments.Upgrade;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.rolling.RollManner;
import io.github.milvusupgrade.k8s.rolling.RollingProfile;
import io.github.milvusupgrade.k8s.rolling.TakeOver;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The Milvus to work on, and what has to be closed when the work is done. */
final class Site implements AutoCloseable {

    static final String EMBEDDED_NAMESPACE = "default";
    static final String EMBEDDED_INSTANCE = "my-release";

    private final MilvusCluster milvus;
    private final Optional<RehearsalCluster> embedded;

    private Site(MilvusCluster milvus, Optional<RehearsalCluster> embedded) {
        this.milvus = milvus;
        this.embedded = embedded;
    }

    /** Connect to a real cluster, or start the embedded one. */
    static Site open(Arguments arguments) {
        return arguments.where() instanceof Live live
                ? live(live, arguments.profile())
                : embedded((Embedded) arguments.where(), (Upgrade) arguments.action(), arguments.profile());
    }

    MilvusCluster milvus() {
        return milvus;
    }

    /** Whether it ends with this process, so that nothing is at stake. */
    boolean isEmbedded() {
        return embedded.isPresent();
    }

    @Override
    public void close() {
        embedded.ifPresent(RehearsalCluster::close);
    }

    private static Site live(Live live, RollingProfile profile) {
        try {
            KubeConfig config = kubeConfig(live.kubeconfig(), live.context());
            String namespace = live.namespace()
                    .or(() -> Optional.ofNullable(config.getNamespace()))
                    .orElse("default");
            KubernetesOptions options =
                    KubernetesOptions.defaults().withProfile(profile).withMigrate(live.migrate());
            if (live.helm().isPresent()) {
                options = options.withHelm(live.helm().get().options(live.kubeconfig()));
            }
            MilvusCluster milvus = KubernetesMilvusCluster.connect(
                    ClientBuilder.kubeconfig(config).build(), namespace, live.instance(), options);
            return new Site(milvus, Optional.empty());
        } catch (IOException e) {
            throw new UsageException("Cannot read the kubeconfig " + live.kubeconfig() + ": " + e
                    + ". Check --kubeconfig and the files that it names.");
        }
    }

    private static KubeConfig kubeConfig(Path file, Optional<String> context) throws IOException {
        KubeConfig config = parsed(file);
        config.setFile(file.toFile());
        context.ifPresent(name -> {
            if (!config.setContext(name)) {
                throw new UsageException("The kubeconfig " + file + " has no context " + name + ".");
            }
        });
        if (config.getServer() == null) {
            throw new UsageException("The kubeconfig " + file + " names no API server in its context "
                    + config.getCurrentContext() + ". Choose another with --context.");
        }
        return config;
    }

    /** The client's parser fails with all kinds of exceptions, whose messages may quote a token from the file. */
    private static KubeConfig parsed(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return KubeConfig.loadKubeConfig(reader);
        } catch (RuntimeException e) {
            throw new UsageException("The file " + file + " is not a kubeconfig ("
                    + e.getClass().getSimpleName() + "). Check --kubeconfig.");
        }
    }

    private static Site embedded(Embedded wanted, Upgrade upgrade, RollingProfile profile) {
        RehearsalCluster cluster =
                RehearsalCluster.builder().speed(wanted.speed()).start();
        cluster.seed(MilvusBlueprint.cluster(EMBEDDED_INSTANCE)
                .namespace(EMBEDDED_NAMESPACE)
                .version("2.2.4"));
        wanted.fault().map(fault -> fault.tag("v" + upgrade.target())).ifPresent(cluster::inject);
        Duration settling = Duration.ofMillis((long) (15_000 / wanted.speed()));
        MilvusCluster milvus = KubernetesMilvusCluster.connect(
                cluster.apiClient(),
                EMBEDDED_NAMESPACE,
                EMBEDDED_INSTANCE,
                KubernetesOptions.defaults()
                        .withProfile(hurried(profile, wanted.speed()))
                        .withCoordinatorSettling(settling));
        return new Site(milvus, Optional.of(cluster));
    }

    /** What the library waits for by its own clock, as much faster as the cluster is. */
    private static RollingProfile hurried(RollingProfile profile, double speed) {
        return profile.withCoordinators(hurried(profile.coordinators(), speed))
                .withProxies(hurried(profile.proxies(), speed))
                .withWaits(wait -> Duration.ofMillis((long) (wait.toMillis() / speed)));
    }

    private static RollManner hurried(RollManner manner, double speed) {
        boolean byOwnClock = manner.takeOver() != TakeOver.AS_AVAILABLE;
        return byOwnClock ? manner.withMinReadySeconds((int) (manner.minReadySeconds() / speed)) : manner;
    }
}
