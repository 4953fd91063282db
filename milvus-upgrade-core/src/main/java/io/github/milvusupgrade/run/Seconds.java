package io.github.milvusupgrade.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How times are written for people. */
final class Seconds {

    private Seconds() {}

    static String of(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    static String between(Instant from, Instant until) {
        return of(Duration.between(from, until));
    }
}
