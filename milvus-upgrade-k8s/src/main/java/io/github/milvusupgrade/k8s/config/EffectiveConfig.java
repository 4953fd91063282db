package io.github.milvusupgrade.k8s.config;

import java.util.List;
import java.util.Optional;

/**
 * What an instance is configured with, all its files together: later files override earlier ones, setting by setting,
 * as {@code user.yaml} overrides {@code default.yaml} (source: {@code milvus-io/milvus:pkg/config/file_source.go},
 * which merges its files in order). Environment variables and settings kept in etcd, which override both, and the
 * values built into Milvus are not included. Immutable.
 */
public final class EffectiveConfig {

    private final List<MilvusYaml> strongestFirst;

    private EffectiveConfig(List<MilvusYaml> strongestFirst) {
        this.strongestFirst = List.copyOf(strongestFirst);
    }

    /** The usual two files of a Helm installation. */
    public static EffectiveConfig of(MilvusYaml defaultYaml, MilvusYaml userYaml) {
        return new EffectiveConfig(List.of(userYaml, defaultYaml));
    }

    /** A single file, as with the chart's {@code customConfigMap} or charts that mount {@code milvus.yaml} only. */
    public static EffectiveConfig of(MilvusYaml onlyFile) {
        return new EffectiveConfig(List.of(onlyFile));
    }

    /**
     * The value Milvus uses, for example of {@code messageQueue}, {@code mq.type} or {@code etcd.rootPath}.
     *
     * @return nothing if no file sets it, so that Milvus' built-in value holds
     * @see MilvusYaml#value
     */
    public Optional<String> value(String name) {
        return strongestFirst.stream()
                .flatMap(file -> file.value(name).stream())
                .findFirst();
    }
}
