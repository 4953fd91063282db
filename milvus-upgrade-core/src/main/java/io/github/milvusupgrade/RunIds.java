package io.github.milvusupgrade;

import io.github.milvusupgrade.step.RunId;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/** Names runs so that they sort by time and do not collide. */
final class RunIds {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final int RANDOM_DIGITS = 6;

    private RunIds() {}

    static RunId next(Clock clock) {
        String random = UUID.randomUUID().toString().substring(0, RANDOM_DIGITS);
        return RunId.of("r" + TIME.format(clock.instant()) + "-" + random);
    }
}
