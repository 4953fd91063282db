package io.github.milvusupgrade.k8s.chart;

import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One version of a chart, as a repository lists it. Immutable.
 *
 * @param chart the name of the chart, such as {@code milvus}
 * @param version the version of the chart, such as {@code 4.0.34}
 * @param appVersion what the chart says that it installs, such as {@code 2.2.14}; empty if it says nothing. Some charts
 *     are wrong about it (4.0.10 says 2.2.3 and installs 2.2.4), so the image tag is always set beside the chart
 * @param urls where it can be fetched, possibly relative to the repository; may hold credentials
 * @param digest its SHA-256 in hexadecimal, if the repository knows it
 * @param created when it was packed, if the repository knows it
 */
public record ChartVersion(
        String chart,
        String version,
        String appVersion,
        List<String> urls,
        Optional<String> digest,
        Optional<Instant> created) {

    /** By chart version, the newest first. */
    static final Comparator<ChartVersion> NEWEST_FIRST =
            Comparator.comparing(ChartVersion::semVer).reversed();

    /** What becomes a part of a file name must not lead elsewhere. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /**
     * Refuse names and versions that no chart has.
     *
     * @throws IllegalArgumentException with the text and the reason
     */
    public ChartVersion {
        if (!NAME.matcher(chart).matches()) {
            throw new IllegalArgumentException("Not the name of a chart: \"" + chart
                    + "\": letters, digits, dots and hyphens are expected. Write it like milvus.");
        }
        if (SemVer.find(version).isEmpty()) {
            throw new IllegalArgumentException("Not the version of a chart: \"" + version
                    + "\": it is no semantic version. Write it like 4.0.34.");
        }
        urls = List.copyOf(urls);
    }

    /** The Milvus version that the chart says it installs; empty if it names none. */
    public Optional<MilvusVersion> milvusVersion() {
        return MilvusVersion.fromTag(appVersion);
    }

    /** Whether the chart, or the Milvus that it installs, came before a release. */
    public boolean isPreRelease() {
        return semVer().isPreRelease()
                || milvusVersion().filter(MilvusVersion::isPreRelease).isPresent();
    }

    /** The name of its packed file, such as {@code milvus-4.0.34.tgz}. */
    public String fileName() {
        return chart + "-" + version + ".tgz";
    }

    SemVer semVer() {
        return SemVer.find(version).orElseThrow();
    }

    /** Leaves the addresses out: they may hold credentials. */
    @Override
    public String toString() {
        return "chart " + chart + " " + version + (appVersion.isEmpty() ? "" : " (Milvus " + appVersion + ")");
    }
}
