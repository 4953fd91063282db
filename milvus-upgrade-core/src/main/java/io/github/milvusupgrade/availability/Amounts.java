package io.github.milvusupgrade.availability;

import java.time.Duration;
import java.util.Locale;

/** How amounts are written in what this package says. */
final class Amounts {

    private Amounts() {}

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
