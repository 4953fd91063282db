package io.github.milvusupgrade.version;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A release of Milvus, or what came before one: {@code 2.2.16}, {@code 2.6.0-rc1}. Immutable.
 *
 * <p>A version is its three numbers and its stage before the release, nothing else, and both equality and order look at
 * exactly these. What a tag says beyond them is not part of the version: {@code v2.2.4}, {@code 2.2.4-gpu},
 * {@code v2.2.4-hotfix} and the build {@code 2.2.4-20230301-c6e4b69b} are one version. To keep the variant of a running
 * image when its version changes use {@link ImageReference#withVersion}.
 *
 * <p>Stages before a release are below it: {@code dev < alpha < beta < rc1 < rc10 < pre-ga <} the release.
 */
public final class MilvusVersion implements Comparable<MilvusVersion> {

    /** What has no stage is the release itself, above all its stages. */
    private static final Comparator<MilvusVersion> ORDER = Comparator.comparingInt(MilvusVersion::major)
            .thenComparingInt(MilvusVersion::minor)
            .thenComparingInt(MilvusVersion::patch)
            .thenComparing(v -> v.preRelease, Comparator.nullsLast(Comparator.naturalOrder()));

    private final int major;
    private final int minor;
    private final int patch;
    private final @Nullable PreRelease preRelease;

    MilvusVersion(int major, int minor, int patch, @Nullable PreRelease preRelease) {
        this.major = major;
        this.minor = minor;
        this.patch = patch;
        this.preRelease = preRelease;
    }

    /**
     * Make the release with these numbers.
     *
     * @throws IllegalArgumentException if a number is negative
     */
    public static MilvusVersion of(int major, int minor, int patch) {
        if (major < 0 || minor < 0 || patch < 0) {
            throw new IllegalArgumentException(
                    "A Milvus version has no negative number, but got " + major + ", " + minor + " and " + patch + ".");
        }
        return new MilvusVersion(major, minor, patch, null);
    }

    /**
     * Read a version as people and image tags write it. The {@code v} is optional; suffixes that name a variant or a
     * build of a release are accepted and dropped; {@code 3.0-beta} is {@code 3.0.0-beta}.
     *
     * @throws IllegalArgumentException with the text and the reason, if it names no release: {@code latest}, a build of
     *     a branch such as {@code master-20241104-f54cf418}, a line such as {@code 2.2}, a tag of somebody's own
     */
    @JsonCreator
    public static MilvusVersion parse(String text) {
        return MilvusTag.parse(text).version();
    }

    /** The version that an image tag names; empty where {@link #parse} would throw. */
    public static Optional<MilvusVersion> fromTag(String tag) {
        return MilvusTag.find(tag).map(MilvusTag::version);
    }

    /** The first of the three numbers. */
    public int major() {
        return major;
    }

    /** The second of the three numbers. */
    public int minor() {
        return minor;
    }

    /** The third of the three numbers. */
    public int patch() {
        return patch;
    }

    /** Whether it came before a release, as {@code 2.6.0-rc1} did. */
    public boolean isPreRelease() {
        return preRelease != null;
    }

    /** The release that this is, or that it came before: {@code 2.6.0} for {@code 2.6.0-rc1}. */
    public MilvusVersion release() {
        return of(major, minor, patch);
    }

    /** The line of releases it belongs to, as documentation and charts name it: {@code 2.2}. */
    public String line() {
        return major + "." + minor;
    }

    /** Whether both belong to one line of releases. */
    public boolean isOnLineOf(MilvusVersion other) {
        return major == other.major && minor == other.minor;
    }

    /** Whether it is this version or a later one. */
    public boolean isAtLeast(MilvusVersion other) {
        return compareTo(other) >= 0;
    }

    /** Whether it is an earlier version. */
    public boolean isBelow(MilvusVersion other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(MilvusVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MilvusVersion that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(major, minor, patch, preRelease);
    }

    /** The version as {@link #parse} reads it, without {@code v}: {@code 2.2.16}, {@code 2.6.0-rc1}. */
    @JsonValue
    @Override
    public String toString() {
        return line() + "." + patch + (preRelease == null ? "" : "-" + preRelease);
    }
}
