package io.github.milvusupgrade.k8s.helm;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import com.marcnuri.helm.UpgradeCommand;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Helm 3 inside this process, by {@code com.marcnuri.helm-java}: for machines on which no program may be installed. The
 * library and its part for the platform (such as {@code linux-amd64}) have to be on the class path; they are not
 * brought along. Prefer {@link HelmCommand} where there is a choice, because here
 *
 * <ul>
 *   <li>a call that was begun cannot be cancelled, and only Helm's own timeout ends it;
 *   <li>{@link #rollback} is unsupported;
 *   <li>{@link #render} asks the cluster whether the upgrade is possible, but renders without it: templates that look
 *       things up find nothing and take the release for a new one, and hooks are not told;
 *   <li>old revisions are never deleted;
 *   <li>calls are made one after the other, in the whole process.
 * </ul>
 *
 * <p>{@code HELM_DRIVER} and {@code HELM_…} folders of this process' environment apply; {@code KUBECONFIG} does not.
 * Immutable.
 */
public final class HelmInProcess implements HelmClient {

    /** Without it a missing part for the platform is downloaded, unverified, and run. */
    private static final String NO_DOWNLOAD = "com.marcnuri.jkube-helm.skipRemoteJar";

    private static final Duration DRY_RUN_TIMEOUT = Duration.ofMinutes(2);

    private final KubeConfigSource kubeConfig;

    private HelmInProcess(KubeConfigSource kubeConfig) {
        this.kubeConfig = kubeConfig;
    }

    /** A client for the cluster of this kubeconfig. */
    public static HelmInProcess of(KubeConfigSource kubeConfig) {
        return new HelmInProcess(kubeConfig);
    }

    @Override
    public String version() {
        String said =
                call("question for the version of Helm", () -> Helm.version().call());
        return HelmVersion.parse("helm-java", said).text();
    }

    @Override
    public RenderedRelease render(HelmUpgrade upgrade) {
        String operation = "dry run of the " + upgrade;
        try (PrivateFolder folder = PrivateFolder.create()) {
            Path values = valuesOf(folder, upgrade);
            Release next = call(
                    operation,
                    () -> command(folder, upgrade, values, DRY_RUN_TIMEOUT)
                            .withDryRunOption(DryRun.SERVER)
                            .dryRun()
                            .call());
            String manifest = call(
                    operation,
                    () -> new Helm(upgrade.chart().toAbsolutePath())
                            .template()
                            .withName(upgrade.release())
                            .withNamespace(upgrade.namespace())
                            .withValuesFile(values)
                            .call());
            return new RenderedRelease(
                    Integer.parseInt(next.getRevision()), Manifest.objects(manifest, upgrade.namespace()), List.of());
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
                    Code.CANCELLED, "The " + upgrade + " was stopped: it was cancelled before it was begun.");
        }
        try (PrivateFolder folder = PrivateFolder.create()) {
            Path values = valuesOf(folder, upgrade);
            call(
                    upgrade.toString(),
                    () -> command(folder, upgrade, values, timeout).call());
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

    private UpgradeCommand command(PrivateFolder folder, HelmUpgrade upgrade, Path values, Duration timeout) {
        // Never install(): for a missing release that falls back to the kubeconfig of the environment.
        return new Helm(upgrade.chart().toAbsolutePath())
                .upgrade()
                .withName(upgrade.release())
                .withNamespace(upgrade.namespace())
                .withKubeConfig(kubeConfig.in(folder))
                .resetValues()
                .withValuesFile(values)
                .withDescription(upgrade.description())
                .withTimeout((int) Math.max(1, timeout.toSeconds()));
    }

    private static <T> T call(String operation, Supplier<T> helm) {
        System.setProperty(NO_DOWNLOAD, "true");
        try {
            return SignalGuard.during(helm);
        } catch (IllegalStateException e) {
            // Without the cause, in whose message nothing is masked.
            throw HelmFailure.of(operation, String.valueOf(e.getMessage()));
        } catch (LinkageError e) {
            throw new UpgradeException(
                    Code.HELM_UNAVAILABLE,
                    "Helm cannot run in this process: " + e
                            + ". Add com.marcnuri.helm-java:helm-java and its part for this platform to the class path,"
                            + " or use the helm program.",
                    e);
        }
    }
}
