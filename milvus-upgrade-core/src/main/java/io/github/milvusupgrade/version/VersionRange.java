package io.github.milvusupgrade.version;

import java.util.Optional;

/**
 * The versions from one, included, to another, excluded. A stage before a release counts as that release at the upper
 * end: {@code 2.3.0-beta} is <em>not</em> within {@code 2.2.3 ≤ v < 2.3}, although it is below 2.3.0.
 *
 * @param from the lowest version within
 * @param below the lowest release above; empty if the range has no upper end
 */
public record VersionRange(MilvusVersion from, Optional<MilvusVersion> below) {

    private static final MilvusVersion LOWEST = MilvusVersion.of(0, 0, 0);

    /** Refuse a range that holds nothing. */
    public VersionRange {
        if (below.isPresent() && !from.isBelow(below.get())) {
            throw new IllegalArgumentException("No version is at least " + from + " and below " + below.get() + ".");
        }
    }

    /** The range {@code from ≤ v < below}; both as {@link MilvusVersion#parse} reads them. */
    public static VersionRange of(String from, String below) {
        return new VersionRange(MilvusVersion.parse(from), Optional.of(MilvusVersion.parse(below)));
    }

    /** All versions from this one on. */
    public static VersionRange atLeast(String from) {
        return new VersionRange(MilvusVersion.parse(from), Optional.empty());
    }

    /** All versions below this one. */
    public static VersionRange below(String below) {
        return new VersionRange(LOWEST, Optional.of(MilvusVersion.parse(below)));
    }

    /** All releases of the line that a version belongs to, from that version on. */
    public static VersionRange lineOf(String first) {
        MilvusVersion from = MilvusVersion.parse(first);
        return new VersionRange(from, Optional.of(MilvusVersion.of(from.major(), from.minor() + 1, 0)));
    }

    /** Every version. */
    public static VersionRange all() {
        return new VersionRange(LOWEST, Optional.empty());
    }

    /** One version alone. */
    public static VersionRange exactly(String version) {
        MilvusVersion only = MilvusVersion.parse(version);
        return new VersionRange(only, Optional.of(following(only)));
    }

    /** Whether the version lies within. */
    public boolean contains(MilvusVersion version) {
        return version.isAtLeast(from)
                && below.map(end -> version.release().isBelow(end)).orElse(true);
    }

    /** As rules write it: {@code 2.2.3 ≤ v < 2.3}. */
    @Override
    public String toString() {
        if (below.isEmpty()) {
            return from.equals(LOWEST) ? "any v" : "v ≥ " + from;
        }
        MilvusVersion end = below.get();
        if (end.equals(following(from))) {
            return "v = " + from;
        }
        String upper = end.patch() == 0 ? end.line() : end.toString();
        return (from.equals(LOWEST) ? "" : from + " ≤ ") + "v < " + upper;
    }

    private static MilvusVersion following(MilvusVersion version) {
        return MilvusVersion.of(version.major(), version.minor(), version.patch() + 1);
    }
}
