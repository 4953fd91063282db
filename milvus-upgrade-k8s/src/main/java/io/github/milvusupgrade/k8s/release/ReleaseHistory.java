package io.github.milvusupgrade.k8s.release;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The revisions of a release that Helm has kept, at least one, the newest first. Made by {@link ReleaseReader}; a
 * picture of one moment. Immutable and safe for many threads. Methods that take a record apart throw
 * {@link UpgradeException} with {@link Code#RELEASE_UNREADABLE} if it is malformed.
 */
public final class ReleaseHistory {

    private final String namespace;
    private final String release;
    private final List<ReleaseSecret> newestFirst;

    ReleaseHistory(String namespace, String release, List<ReleaseSecret> newestFirst) {
        this.namespace = namespace;
        this.release = release;
        this.newestFirst = List.copyOf(newestFirst);
    }

    /**
     * A revision, as its labels tell.
     *
     * @param number its number
     * @param status its state
     * @param writtenAt when Helm wrote its record last
     */
    public record Revision(int number, ReleaseStatus status, Optional<Instant> writtenAt) {}

    /** All revisions, the newest first. */
    public List<Revision> revisions() {
        return newestFirst.stream()
                .map(secret -> new Revision(secret.revision(), secret.status(), secret.writtenAt()))
                .toList();
    }

    /** The newest revision, whatever its state. */
    public HelmRelease newest() {
        return newestFirst.get(0).decode();
    }

    /** The revision of a number; empty if Helm has not kept it. */
    public Optional<HelmRelease> revision(int number) {
        return newestFirst.stream()
                .filter(secret -> secret.revision() == number)
                .findFirst()
                .map(ReleaseSecret::decode);
    }

    /**
     * The revision whose values an upgrade goes on from: the newest that is deployed; if none is, the newest if it
     * failed or was superseded. Not always the newest one: a failed upgrade leaves a revision that never ran
     * (helm/helm:pkg/action/upgrade.go, {@code prepareUpgrade}).
     *
     * @return empty if Helm would refuse an upgrade, because nothing was ever deployed or everything was uninstalled
     */
    public Optional<HelmRelease> upgradable() {
        ReleaseSecret newest = newestFirst.get(0);
        boolean resumable = newest.status() == ReleaseStatus.FAILED || newest.status() == ReleaseStatus.SUPERSEDED;
        return newestFirst.stream()
                .filter(secret -> secret.status() == ReleaseStatus.DEPLOYED)
                .findFirst()
                .or(() -> resumable ? Optional.of(newest) : Optional.empty())
                .map(ReleaseSecret::decode);
    }

    /** What is pending, if the newest revision is: then Helm refuses every upgrade. */
    public Optional<PendingRelease> pending() {
        ReleaseSecret newest = newestFirst.get(0);
        if (!newest.status().isPending()) {
            return Optional.empty();
        }
        Optional<Instant> since = newest.writtenAt().or(() -> newest.decode().lastDeployed());
        return Optional.of(new PendingRelease(
                namespace, release, newest.revision(), newest.status(), since, newest.writtenBy(), wayBack()));
    }

    /** What a rollback can go to: what was deployed last, or stands there as superseded if nothing is. */
    private OptionalInt wayBack() {
        return newestFirst.stream()
                .skip(1)
                .filter(secret ->
                        secret.status() == ReleaseStatus.DEPLOYED || secret.status() == ReleaseStatus.SUPERSEDED)
                .mapToInt(ReleaseSecret::revision)
                .findFirst();
    }

    /** The revisions with their states, the newest first. */
    @Override
    public String toString() {
        return "release " + namespace + "/" + release + " [" + states() + "]";
    }

    String states() {
        return newestFirst.stream()
                .map(secret -> secret.revision() + " " + secret.status())
                .collect(Collectors.joining(", "));
    }
}
