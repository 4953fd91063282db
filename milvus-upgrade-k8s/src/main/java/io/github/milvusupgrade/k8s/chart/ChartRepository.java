package io.github.milvusupgrade.k8s.chart;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Time;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where charts come from: the address of a Helm repository, a folder, or one packed chart. Nothing is remembered: each
 * call looks anew. Safe for many threads.
 */
public sealed interface ChartRepository permits HttpRepository, FolderRepository, ArchiveRepository {

    /**
     * How long one request may take, with its body: charts are below 1 MB, an index below 2 MB. A request is made up to
     * three times, if it fails in a way that may pass.
     */
    Duration REQUEST_TIME = Duration.ofSeconds(60);

    /** {@link #open(String, Optional)} without credentials, or with those that stand in the URL itself. */
    static ChartRepository open(String location) {
        return open(location, Optional.empty());
    }

    /**
     * Opens a repository. Sends nothing yet.
     *
     * @param location {@code http://} or {@code https://} and the path that {@code index.yaml} lies in; or the path of
     *     a folder, with an {@code index.yaml}, with {@code .tgz} files, or with unpacked charts; or that of one
     *     {@code .tgz}
     * @param auth name and password for an address; they replace those that stand in it
     * @throws UpgradeException {@link Code#CHART_UNAVAILABLE} if it is neither an address nor there
     */
    static ChartRepository open(String location, Optional<BasicAuth> auth) {
        String lower = location.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://") || lower.startsWith("https://")) {
            return HttpRepository.open(address(location), auth, REQUEST_TIME, Time.system());
        }
        if (lower.startsWith("oci://")) {
            throw unavailable(
                    location, "charts in an OCI registry are not read", "Pull it with helm and pass the .tgz");
        }
        Path path = path(location);
        if (Files.isDirectory(path)) {
            return new FolderRepository(path);
        }
        if (Files.isRegularFile(path)) {
            return new ArchiveRepository(path);
        }
        throw unavailable(location, "there is no such file or folder", "Check the path");
    }

    /** What was opened, without credentials, for messages. */
    String location();

    /**
     * The versions of a chart, the newest first; empty if the repository does not have the chart.
     *
     * @throws UpgradeException {@link Code#CHART_UNAVAILABLE} if it cannot be asked, {@link Code#CHART_UNUSABLE} if
     *     what came back is no index or too large
     */
    List<ChartVersion> versions(String chart);

    /**
     * Fetches a packed chart. Its digest is compared where the repository knows it, and it must be the chart that was
     * asked for; only then the file appears, in one moment, under its {@link ChartVersion#fileName()}. One that is
     * there already is replaced.
     *
     * @param version one of {@link #versions}
     * @param directory where to put it; made if it is not there
     * @return the path of the {@code .tgz}
     * @throws UpgradeException {@link Code#CHART_UNAVAILABLE} if it cannot be fetched or written,
     *     {@link Code#CHART_UNUSABLE} if it is not what it should be
     */
    Path fetch(ChartVersion version, Path directory);

    private static URI address(String location) {
        try {
            URI uri = new URI(location);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException malformed) {
            // Its message would quote the text with its password.
        }
        throw new UpgradeException(
                Code.CHART_UNAVAILABLE,
                "The address of the chart repository cannot be used: it is no URL with a host."
                        + " Write it like https://zilliztech.github.io/milvus-helm/.");
    }

    private static Path path(String location) {
        try {
            return location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
        } catch (IllegalArgumentException e) {
            throw unavailable(location, "it is neither an address nor a path", "Check the path");
        }
    }

    private static UpgradeException unavailable(String location, String why, String remedy) {
        return new UpgradeException(
                Code.CHART_UNAVAILABLE,
                "The chart repository " + location + " cannot be used: " + why + ". " + remedy + ".");
    }
}
