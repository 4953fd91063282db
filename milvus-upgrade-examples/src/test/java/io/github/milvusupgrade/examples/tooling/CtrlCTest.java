package io.github.milvusupgrade.examples.tooling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A process that is asked to end stops its run at a safe point, and still reports. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "processes there cannot be asked to end")
class CtrlCTest {

    @Test
    @Timeout(60)
    void stopsTheRunAndReports() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PlatformTooling.class.getName(),
                        "--speed",
                        "20")
                .redirectErrorStream(true)
                .start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            while (line != null) {
                lines.add(line);
                if (line.contains(" step 2/7: ")) {
                    process.toHandle().destroy();
                }
                line = output.readLine();
            }
        } finally {
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(lines).contains("Stopping at the next safe point.");
        assertThat(lines).anyMatch(line -> line.startsWith("CANCELLED: upgrade 2.2.4 -> 2.2.16 of default/my-release"));
        assertThat(lines).anyMatch(line -> line.startsWith("report:  "));
        assertThat(lines).anyMatch(line -> line.startsWith("go back: "));
        assertThat(process.exitValue()).isEqualTo(128 + 15);
    }
}
