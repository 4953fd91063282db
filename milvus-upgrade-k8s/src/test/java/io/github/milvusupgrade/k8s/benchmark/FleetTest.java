package io.github.milvusupgrade.k8s.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whether a hundred upgrades at the same time fit into one JVM of 256 MiB, the cluster they run on included. */
class FleetTest {

    @Test
    void aHundredInstancesAtOnceInASmallJvm() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Fleet.class.getName(),
                        "100")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains("100 of 100 succeeded");
        assertThat(process.exitValue()).isZero();
        System.out.print(output);
    }
}
