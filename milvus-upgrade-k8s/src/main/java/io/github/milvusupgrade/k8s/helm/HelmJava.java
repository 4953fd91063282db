package io.github.milvusupgrade.k8s.helm;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.UpgradeCommand;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What helm-java is asked, apart from {@link HelmInProcess} so that that one can be used where helm-java is missing.
 */
final class HelmJava {

    private HelmJava() {}

    static String version() {
        return Helm.version().call();
    }

    /** Makes the next revision, and tells its number. */
    static String upgrade(HelmUpgrade upgrade, Path kubeconfig, Path values, Duration timeout) {
        return command(upgrade, kubeconfig, values, timeout).call().getRevision();
    }

    /** The number that the next revision would have. */
    static String dryRun(HelmUpgrade upgrade, Path kubeconfig, Path values, Duration timeout) {
        return command(upgrade, kubeconfig, values, timeout)
                .withDryRunOption(DryRun.SERVER)
                .dryRun()
                .call()
                .getRevision();
    }

    /** The manifest, rendered for the cluster of the environment: another one cannot be named. */
    static String manifest(HelmUpgrade upgrade, Path values) {
        return new Helm(upgrade.chart().toAbsolutePath())
                .template()
                .withName(upgrade.release())
                .withNamespace(upgrade.namespace())
                .withValuesFile(values)
                .call();
    }

    private static UpgradeCommand command(HelmUpgrade upgrade, Path kubeconfig, Path values, Duration timeout) {
        // Never install(), which installs a missing release into the cluster of the environment. Never debug(), which
        // redirects the output of this process.
        return new Helm(upgrade.chart().toAbsolutePath())
                .upgrade()
                .withName(upgrade.release())
                .withNamespace(upgrade.namespace())
                .withKubeConfig(kubeconfig)
                .resetValues()
                .withValuesFile(values)
                .withDescription(upgrade.description())
                .withTimeout((int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toSeconds())));
    }
}
