package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.run.UpgradeEvent;
import java.io.PrintStream;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** One line for each event, with its time: for log files and build servers. */
final class PlainProgress implements Progress {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private final PrintStream out;

    PlainProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void onEvent(UpgradeEvent event) {
        out.println(TIME.format(event.at()) + " " + event.describe());
    }

    @Override
    public void close() {
        // Every line is out already.
    }
}
