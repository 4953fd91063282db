package io.github.milvusupgrade.k8s.helm;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Helm 3 inside this process, by {@code com.marcnuri.helm-java}: for machines on which no program may be installed. The
 * library and its part for the platform (such as {@code linux-amd64}) have to be on the class path; they are not
 * brought along. Prefer {@link HelmCommand} where there is a choice, because here
 *
 * <ul>
 *   <li>a call that was begun cannot be cancelled, nor ended; one that does not return in its time is left behind;
 *   <li>{@link #rollback} is unsupported;
 *   <li>{@link #render} asks the cluster whether the upgrade is possible, but renders without it:
 *       {@code .Release.IsUpgrade} is false, {@code .Release.Revision} is 1, {@code .Capabilities} are those that this
 *       Helm was built with, and hooks are not told. A chart that looks things up finds those of the cluster to which
 *       the environment of this process leads; it is refused if that is by another kubeconfig;
 *   <li>old revisions are never deleted;
 *   <li>calls are made one after the other, in the whole process, and a SIGTERM or SIGINT that arrives while a chart is
 *       rendered is lost.
 * </ul>
 *
 * <p>{@code HELM_CACHE_HOME} and its like in the environment of this process apply; {@code KUBECONFIG} does not, but
 * for what is looked up; and with a variable that would lead Helm elsewhere ({@code HELM_KUBE…}, {@code HELM_DRIVER})
 * every call is refused. Immutable.
 */
public final class HelmInProcess implements HelmClient {

    /** Without it a missing part for the platform is downloaded, unverified, and run. */
    private static final String NO_DOWNLOAD = "com.marcnuri.jkube-helm.skipRemoteJar";

    private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration RENDER_TIMEOUT = Duration.ofMinutes(2);

    private final KubeConfigSource kubeConfig;
    private final Duration grace;
    private final AmbientCluster ambient = new AmbientCluster(System.getenv());

    /** @param grace how long after its own timeout Helm may take to write down what became of the release */
    HelmInProcess(KubeConfigSource kubeConfig, Duration grace) {
        this.kubeConfig = kubeConfig;
        this.grace = grace;
    }

    /** A client for the cluster of this kubeconfig. */
    public static HelmInProcess of(KubeConfigSource kubeConfig) {
        return new HelmInProcess(kubeConfig, Duration.ofSeconds(10));
    }

    @Override
    public String version() {
        String said = call("question for the version of Helm", Mask.ofNothing(), VERSION_TIMEOUT, HelmJava::version);
        return HelmVersion.parse("helm-java", said).text();
    }

    @Override
    public RenderedRelease render(HelmUpgrade upgrade) {
        String operation = "dry run of the " + upgrade;
        Mask mask = Mask.of(upgrade.values());
        try (PrivateFolder folder = PrivateFolder.create()) {
            Path config = kubeConfig.in(folder);
            Path values = valuesOf(folder, upgrade);
            String revision = call(
                    operation, mask, RENDER_TIMEOUT, () -> HelmJava.dryRun(upgrade, config, values, RENDER_TIMEOUT));
            if (Lookups.in(upgrade.chart())) {
                ambient.requireNoneBut(config, upgrade.chart());
            }
            String manifest = call(operation, mask, RENDER_TIMEOUT, () -> HelmJava.manifest(upgrade, values));
            return new RenderedRelease(
                    Integer.parseInt(revision), Manifest.objects(manifest, upgrade.namespace()), List.of());
        } catch (IOException e) {
            throw new UpgradeException(
                    Code.HELM_FAILED,
                    "The " + operation + " failed: the chart cannot be read: " + e.getMessage() + ". Put that right.",
                    e);
        } catch (IllegalArgumentException e) {
            throw new UpgradeException(
                    Code.HELM_OUTPUT_UNREADABLE,
                    "What Helm said to the " + operation + " cannot be understood: " + e.getMessage()
                            + ". Use the helm program instead.",
                    e);
        }
    }

    @Override
    public void upgrade(HelmUpgrade upgrade, Duration timeout, BooleanSupplier cancelled) {
        if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw new UpgradeException(
                    Code.CANCELLED, "The " + upgrade + " was stopped: it was cancelled before Helm was started.");
        }
        try (PrivateFolder folder = PrivateFolder.create()) {
            Path config = kubeConfig.in(folder);
            Path values = valuesOf(folder, upgrade);
            call(
                    upgrade.toString(),
                    Mask.of(upgrade.values()),
                    timeout,
                    () -> HelmJava.upgrade(upgrade, config, values, timeout));
        }
    }

    @Override
    public void rollback(String namespace, String release, int revision, Duration timeout, BooleanSupplier cancelled) {
        throw new UpgradeException(
                Code.HELM_UNSUPPORTED,
                "The rollback of " + namespace + "/" + release + " to revision " + revision
                        + " is not possible: helm-java has no rollback. Use the helm program, or upgrade to the chart and"
                        + " the values of that revision.");
    }

    private static Path valuesOf(PrivateFolder folder, HelmUpgrade upgrade) {
        return folder.write("values.yaml", ValuesFile.textOf(upgrade.values()));
    }

    private <T> T call(String operation, Mask mask, Duration timeout, Supplier<T> helm) {
        ambient.requireNoOverride();
        System.getProperties().putIfAbsent(NO_DOWNLOAD, "true");
        try {
            return CompletableFuture.supplyAsync(() -> SignalGuard.during(helm), HelmInProcess::start)
                    .orTimeout(timeout.plus(grace).toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            throw failure(operation, mask, e);
        }
    }

    /** On a thread of its own, since it may never return. */
    private static void start(Runnable call) {
        Thread thread = new Thread(call, "milvus-upgrade-helm");
        thread.setDaemon(true);
        // By this one helm-java looks for its part for the platform.
        thread.setContextClassLoader(HelmInProcess.class.getClassLoader());
        thread.start();
    }

    private static RuntimeException failure(String operation, Mask mask, CompletionException failed) {
        Throwable cause = failed.getCause();
        if (cause instanceof TimeoutException) {
            return new UpgradeException(
                    Code.HELM_TIMED_OUT,
                    "The " + operation
                            + " did not end in its time, and cannot be ended in this process: it may still be"
                            + " at work. End this process; \"helm history\" then shows what became of the release.");
        } else if (cause instanceof LinkageError) {
            return new UpgradeException(
                    Code.HELM_UNAVAILABLE,
                    "Helm cannot run in this process: " + rootOf(cause)
                            + ". Add com.marcnuri.helm-java:helm-java and its part for this platform to the class path,"
                            + " or use the helm program.",
                    cause);
        } else if (cause instanceof IllegalStateException) {
            // Without the cause, in whose message nothing is masked.
            return HelmFailure.of(operation, String.valueOf(cause.getMessage()), mask);
        }
        return failed;
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
            root = cause;
        }
        return root;
    }
}
