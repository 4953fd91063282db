package io.github.milvusupgrade.k8s.helm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A program that is called like Helm: it says a version, writes down how it was called, and then does what the test
 * says, as a shell script in which {@code $record} is the folder of what is written down.
 */
final class FakeHelm {

    private final Path record;
    private final Path binary;

    private FakeHelm(Path record) {
        this.record = record;
        this.binary = record.resolve("helm");
    }

    /** Helm 3.14.0 that does this. */
    static FakeHelm doing(Path record, String script) {
        return of(record, "v3.14.0", script);
    }

    static FakeHelm of(Path record, String version, String script) {
        FakeHelm fake = new FakeHelm(record);
        fake.write("""
                #!/bin/sh
                record='%s'
                if [ "$1" = version ]; then
                  printf '%%s' '%s'
                  exit
                fi
                printf '%%s\\n' "$@" > "$record/arguments"
                env > "$record/environment"
                pwd > "$record/folder"
                ls -ld . * > "$record/modes"
                cp -- * "$record"
                %s
                """.formatted(record, version, script));
        return fake;
    }

    private void write(String script) {
        try {
            Files.writeString(binary, script);
            Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HelmCommand.Builder client() {
        return HelmCommand.builder(KubeConfigSource.contents("the kubeconfig")).binary(binary.toString());
    }

    List<String> arguments() {
        return lines("arguments");
    }

    Map<String, String> environment() {
        Map<String, String> variables = new TreeMap<>();
        lines("environment").forEach(line -> variables.put(line.split("=", 2)[0], line.split("=", 2)[1]));
        return variables;
    }

    /** The folder it was started in. */
    Path folder() {
        return Path.of(lines("folder").get(0));
    }

    /** The folder it was started in and the files there, each as {@code mode name}. */
    List<String> modes() {
        return lines("modes").stream()
                .map(line -> line.substring(0, 10) + " " + line.substring(line.lastIndexOf(' ') + 1))
                .toList();
    }

    boolean wasCalled() {
        return Files.exists(record.resolve("arguments"));
    }

    Path record(String name) {
        return record.resolve(name);
    }

    private List<String> lines(String name) {
        try {
            return Files.readAllLines(record(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
