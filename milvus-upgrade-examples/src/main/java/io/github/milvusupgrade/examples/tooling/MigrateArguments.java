package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.k8s.migrate.EtcdAccount;
import io.github.milvusupgrade.k8s.migrate.EtcdCertificates;
import io.github.milvusupgrade.k8s.migrate.ImageRewrite;
import io.github.milvusupgrade.k8s.migrate.MigrateOptions;
import io.github.milvusupgrade.k8s.migrate.PodSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** What the command line says about the migration of metadata from 2.1. */
final class MigrateArguments {

    static final Set<String> FLAGS = Set.of("--remove-pods");
    static final Set<String> OPTIONS = Set.of(
            "--etcd",
            "--root-path",
            "--meta-sub-path",
            "--kv-sub-path",
            "--etcd-account",
            "--etcd-certificates",
            "--tool-image",
            "--probe-image",
            "--image-prefix",
            "--storage-class",
            "--backup-size",
            "--pull-secret",
            "--blind-wait",
            "--tool-timeout");

    private MigrateArguments() {}

    /** The options of the library. */
    static MigrateOptions parse(CommandLine line) {
        MigrateOptions options = MigrateOptions.defaults();
        if (!line.values("--etcd").isEmpty()) {
            options = options.withEtcdEndpoints(line.values("--etcd"));
        }
        options = with(options, line.value("--root-path"), MigrateOptions::withRootPath);
        options = with(options, line.value("--meta-sub-path"), MigrateOptions::withMetaSubPath);
        options = with(options, line.value("--kv-sub-path"), MigrateOptions::withKvSubPath);
        options = with(
                options,
                line.value("--etcd-account"),
                (changed, secret) -> changed.withEtcdAccount(new EtcdAccount(secret, "username", "password")));
        options = with(
                options,
                line.value("--etcd-certificates"),
                (changed, secret) -> changed.withEtcdCertificates(EtcdCertificates.of(secret)));
        options = with(options, line.value("--tool-image"), MigrateOptions::withToolImage);
        options = with(options, line.value("--probe-image"), MigrateOptions::withProbeImage);
        options = with(
                options,
                line.value("--image-prefix"),
                (changed, prefix) -> changed.rewritingImages(new ImageRewrite(prefix)));
        options = with(options, line.value("--storage-class"), MigrateOptions::withStorageClass);
        options = with(options, line.value("--backup-size"), MigrateOptions::withBackupSize);
        List<String> secrets = line.values("--pull-secret");
        if (!secrets.isEmpty()) {
            options = options.withPods(PodSettings.none().withImagePullSecrets(secrets));
        }
        options = with(
                options,
                line.value("--blind-wait"),
                (changed, text) -> changed.withBlindWait(seconds("--blind-wait", text)));
        options = with(
                options,
                line.value("--tool-timeout"),
                (changed, text) -> changed.withToolTimeout(seconds("--tool-timeout", text)));
        return line.has("--remove-pods") ? options.removingPods() : options;
    }

    private static MigrateOptions with(
            MigrateOptions options, Optional<String> value, BiFunction<MigrateOptions, String, MigrateOptions> change) {
        try {
            return value.map(text -> change.apply(options, text)).orElse(options);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static Duration seconds(String name, String text) {
        if (!text.matches("[1-9]\\d{0,5}")) {
            throw new UsageException(name + " " + text + ": give a number of seconds.");
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }
}
