package io.github.milvusupgrade.path;

import io.github.milvusupgrade.version.MilvusVersion;
import java.util.List;
import java.util.Optional;

/**
 * The lines of releases that the official rules speak about, each with its newest release, as of the image tags of
 * {@code milvusdb/milvus} in August 2026. Up to 2.4 no more are expected, so a later patch is taken for a slip of the
 * pen; on the lines after it a later patch is believed.
 */
final class KnownReleases {

    static final MilvusVersion NEWEST_2_1 = MilvusVersion.of(2, 1, 4);
    static final MilvusVersion NEWEST_2_2 = MilvusVersion.of(2, 2, 16);
    static final MilvusVersion NEWEST_2_3 = MilvusVersion.of(2, 3, 22);
    static final MilvusVersion NEWEST_2_4 = MilvusVersion.of(2, 4, 24);
    static final MilvusVersion NEWEST_2_5 = MilvusVersion.of(2, 5, 27);
    static final MilvusVersion NEWEST_2_6 = MilvusVersion.of(2, 6, 22);
    static final MilvusVersion NEWEST_3_0 = MilvusVersion.of(3, 0, 1);

    private static final MilvusVersion FIRST_OPEN = MilvusVersion.of(2, 5, 0);

    private static final List<MilvusVersion> NEWEST =
            List.of(NEWEST_2_1, NEWEST_2_2, NEWEST_2_3, NEWEST_2_4, NEWEST_2_5, NEWEST_2_6, NEWEST_3_0);

    private KnownReleases() {}

    static List<MilvusVersion> newestOfEachLine() {
        return NEWEST;
    }

    static Optional<MilvusVersion> newestOnLineOf(MilvusVersion version) {
        return NEWEST.stream().filter(version::isOnLineOf).findFirst();
    }

    /** Whether it is later than the last release of a line that has ended. */
    static boolean isAfterTheEndOfItsLine(MilvusVersion version) {
        return newestOnLineOf(version)
                .filter(last -> last.isBelow(version) && last.isBelow(FIRST_OPEN))
                .isPresent();
    }

    /** The newest release of the line of the target, or of the first line after it that is above the source. */
    static Optional<MilvusVersion> nearest(MilvusVersion source, MilvusVersion target) {
        return newestOnLineOf(target)
                .filter(source::isBelow)
                .or(() -> NEWEST.stream()
                        .filter(release -> source.isBelow(release) && target.isBelow(release))
                        .findFirst())
                .or(() -> Optional.of(NEWEST_3_0).filter(source::isBelow));
    }
}
