package io.github.milvusupgrade.k8s.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chart is known to look things up before it does. */
class LookupsTest {

    @TempDir
    private Path folder;

    @Test
    void inFoldersAndArchives() throws IOException {
        assertThat(Lookups.in(FixtureChart.CURIOUS.archive(folder))).isTrue();
        assertThat(Lookups.in(FixtureChart.CURIOUS.folder(folder))).isTrue();
        assertThat(Lookups.in(FixtureChart.NEW.archive(folder))).isFalse();
        assertThat(Lookups.in(FixtureChart.NEW.folder(folder))).isFalse();
    }

    @Test
    void inArchivesThatAFolderHolds() throws IOException {
        FixtureChart.CURIOUS.archive(Files.createDirectories(folder.resolve("chart/charts")));

        assertThat(Lookups.in(folder.resolve("chart"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{- $s := (lookup \"v1\" \"Secret\" .Release.Namespace \"a\") }}",
                "{{ if (lookup $version $kind . \"a\").data }}",
                "{{- with\n  lookup `v1` `Pod` `` `` }}"
            })
    void byAllWaysToWriteIt(String template) throws IOException {
        Files.writeString(folder.resolve("a.yaml"), template);

        assertThat(Lookups.in(folder)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"the lookup \"of\" names", "{{ .Values.lookup }}", "{{ .a }} lookup \"b\" {{ .c }}"})
    void andNotByTheWordAlone(String template) throws IOException {
        Files.writeString(folder.resolve("a.yaml"), template);

        assertThat(Lookups.in(folder)).isFalse();
    }
}
