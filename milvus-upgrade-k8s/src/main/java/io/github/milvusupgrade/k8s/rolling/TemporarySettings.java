package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.config.Setting;
import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;
import java.util.List;

/**
 * Settings that are in {@code user.yaml} only while new coordinators start, which read them once. Those that
 * {@code user.yaml} has already are left as they are.
 *
 * @param versions the versions whose coordinators they are for
 * @param settings no credentials: they are written to the journal
 */
public record TemporarySettings(VersionRange versions, List<Setting> settings) {

    /** None at all. */
    public static final TemporarySettings NONE = new TemporarySettings(VersionRange.all(), List.of());

    /** Copy what is handed in. */
    public TemporarySettings {
        settings = List.copyOf(settings);
    }

    /** Those for coordinators of a version; none if they are for others. */
    List<Setting> of(MilvusVersion version) {
        return versions.contains(version) ? settings : List.of();
    }
}
