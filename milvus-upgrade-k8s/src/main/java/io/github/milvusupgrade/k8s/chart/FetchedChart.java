package io.github.milvusupgrade.k8s.chart;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** A packed chart in memory that is known to be the one that was asked for, and may be written down. */
final class FetchedChart {

    private final ChartVersion version;
    private final byte[] packed;

    private FetchedChart(ChartVersion version, byte[] packed) {
        this.version = version;
        this.packed = packed;
    }

    static FetchedChart of(ChartVersion version, byte[] packed, URI from) {
        return of(version, packed, HttpDownload.shown(from));
    }

    /** @throws UpgradeException {@link Code#CHART_UNUSABLE} if digest, name or version are not those asked for */
    static FetchedChart of(ChartVersion version, byte[] packed, String from) {
        version.digest().ifPresent(digest -> {
            String promised = digest.toLowerCase(Locale.ROOT).replaceFirst("^sha256:", "");
            String found = sha256(packed);
            if (!promised.equals(found)) {
                throw unusable(
                        version,
                        from,
                        "its digest is " + found + ", and the index promises " + promised,
                        "It was changed on its way, or the index is old: do not use it before you know which");
            }
        });
        ChartArchive chart = ChartArchive.parse(from, packed);
        if (!chart.name().equals(version.chart()) || !chart.version().equals(version.version())) {
            throw unusable(
                    version,
                    from,
                    "it is chart " + chart.name() + " " + chart.version(),
                    "Correct the index of the repository");
        }
        return new FetchedChart(version, packed);
    }

    /** Writes it beside its place and moves it there, so that no reader ever sees a part of it. */
    Path save(Path directory) {
        Path target = directory.resolve(version.fileName());
        try {
            Files.createDirectories(directory);
            Path part = Files.createTempFile(directory, version.chart(), ".part");
            try {
                Files.write(part, packed);
                return Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new UpgradeException(
                    Code.CHART_UNAVAILABLE,
                    target + " cannot be written: " + e + ". Make room or name another folder.",
                    e);
        }
    }

    /** Where an index says that a chart can be fetched: its first address, as Helm takes it. */
    static URI address(ChartVersion version, URI home) {
        try {
            if (!version.urls().isEmpty()) {
                URI address = home.resolve(version.urls().get(0));
                if (address.getHost() != null
                        && String.valueOf(address.getScheme()).matches("(?i)https?")) {
                    return address;
                }
            }
        } catch (IllegalArgumentException noAddress) {
            throw new UpgradeException(Code.CHART_UNUSABLE, notFetched(version, home), noAddress);
        }
        throw new UpgradeException(Code.CHART_UNUSABLE, notFetched(version, home));
    }

    static UpgradeException tooLarge(ChartVersion version, String from) {
        return unusable(
                version,
                from,
                "it has more than " + (ChartArchive.MAX_PACKED_BYTES >> 20) + " MiB",
                "Check that the address is that of a chart");
    }

    private static String notFetched(ChartVersion version, URI home) {
        return version + " cannot be fetched: the index at " + HttpDownload.shown(home)
                + " names no address for it that can be used. Use another repository.";
    }

    private static UpgradeException unusable(ChartVersion version, String from, String why, String remedy) {
        return new UpgradeException(
                Code.CHART_UNUSABLE, version + " from " + from + " cannot be used: " + why + ". " + remedy + ".");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }
}
