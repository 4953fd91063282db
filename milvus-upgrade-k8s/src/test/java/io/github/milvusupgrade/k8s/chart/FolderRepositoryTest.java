package io.github.milvusupgrade.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderRepositoryTest {

    private static final ChartFixture OLD = ChartFixture.milvus("4.0.6", "2.2.2");
    private static final ChartFixture NEW = ChartFixture.milvus("4.0.34", "2.2.14");

    @TempDir
    private Path temporary;

    private Path folder;
    private Path target;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createDirectory(temporary.resolve("charts"));
        target = temporary.resolve("target");
    }

    @Test
    void aFolderOfChartsIsARepository() throws IOException {
        Files.write(folder.resolve("old.tgz"), OLD.packed());
        NEW.with("milvus/.helmignore", "x")
                .with("milvus/templates/a.yaml", "a: 1")
                .unpackInto(folder);
        Files.writeString(folder.resolve("README.md"), "no chart");
        ChartRepository repository = ChartRepository.open(folder.toString());

        List<ChartVersion> versions = repository.versions("milvus");

        assertThat(versions).extracting(ChartVersion::version).containsExactly("4.0.34", "4.0.6");
        assertThat(repository.fetch(versions.get(1), target)).hasBinaryContent(OLD.packed());
        ChartArchive packed = ChartArchive.read(repository.fetch(versions.get(0), target));
        assertThat(packed.version()).isEqualTo("4.0.34");
        assertThat(packed.stored().path("templates")).hasSize(1);
        assertThat(packed.stored().path("files")).as("hidden files stay behind").isEmpty();
    }

    @Test
    void aChartFolderIsOneToo() throws IOException {
        NEW.unpackInto(folder);
        ChartRepository repository =
                ChartRepository.open(folder.resolve("milvus").toUri().toString());

        assertThat(repository.versions("milvus")).hasToString("[chart milvus 4.0.34 (Milvus 2.2.14)]");
        assertThat(repository.versions("attu")).isEmpty();
    }

    @Test
    void aPackedChartIsARepositoryOfItself() throws IOException {
        Path file = Files.write(folder.resolve("renamed.tgz"), NEW.packed());
        ChartRepository repository = ChartRepository.open(file.toString());

        assertThat(repository.location()).isEqualTo(file.toString());
        assertThat(repository.fetch(repository.versions("milvus").get(0), target))
                .isEqualTo(target.resolve("milvus-4.0.34.tgz"))
                .hasBinaryContent(NEW.packed());
    }

    @Test
    void anIndexIsBelievedAndItsChartsAreTakenFromBesideIt() throws IOException {
        Files.write(folder.resolve("milvus-4.0.34.tgz"), NEW.packed());
        Files.write(folder.resolve("milvus-4.0.6.tgz"), OLD.packed());
        Files.writeString(folder.resolve("index.yaml"), """
                entries:
                  milvus:
                  - version: 4.0.34
                    digest: %s
                    urls: ["https://github.com/zilliztech/milvus-helm/releases/download/milvus-4.0.34/milvus-4.0.34.tgz"]
                """.formatted(ChartFixture.sha256(NEW.packed())));
        ChartRepository repository = ChartRepository.open(folder.toString());

        List<ChartVersion> versions = repository.versions("milvus");

        assertThat(versions).extracting(ChartVersion::version).containsExactly("4.0.34");
        assertThat(repository.fetch(versions.get(0), target)).hasBinaryContent(NEW.packed());
    }

    @Test
    void anIndexCannotLeadOutOfTheFolder() throws IOException {
        Files.write(temporary.resolve("milvus-4.0.34.tgz"), NEW.packed());
        Files.writeString(folder.resolve("index.yaml"), """
                entries: {milvus: [{version: 4.0.34, urls: ["../milvus-4.0.34.tgz"]}]}
                """);
        ChartRepository repository = ChartRepository.open(folder.toString());

        assertThatThrownBy(() -> repository.fetch(repository.versions("milvus").get(0), target))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNUSABLE))
                .hasMessage("chart milvus 4.0.34 cannot be fetched: the index at " + folder
                        + "/ names no address for it that can be used. Use another repository.");
        assertThat(target).doesNotExist();
    }

    @Test
    void aTargetThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.write(folder.resolve("milvus.tgz"), NEW.packed());
        Files.writeString(target, "a file where the folder should be");
        ChartRepository repository = ChartRepository.open(file.toString());

        assertThatThrownBy(() -> repository.fetch(repository.versions("milvus").get(0), target))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNAVAILABLE))
                .hasMessageStartingWith(target.resolve("milvus-4.0.34.tgz") + " cannot be written: ");
    }
}
