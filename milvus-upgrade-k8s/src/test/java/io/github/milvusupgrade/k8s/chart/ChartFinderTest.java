package io.github.milvusupgrade.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.version.MilvusVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartFinderTest {

    private static final String ARCHIVED = "https://milvus-io.github.io/milvus-helm/";

    @ParameterizedTest(name = "Milvus {0} is installed by chart {1}")
    @CsvSource({
        "2.1.4,  3.2.18, true",
        "2.2.2,  4.0.6,  true",
        "2.2.3,  4.0.10, true",
        "2.2.4,  4.0.12, true",
        "2.2.14, 4.0.34, true",
        "2.2.15, 4.0.34, false",
        "2.2.16, 4.0.34, false",
        "2.3.5,  4.1.15, true",
        "2.3.6,  4.1.14, true",
        "2.3.22, 4.1.28, false",
        "2.4.2,  4.2.25, false",
        "2.4.13, 4.2.16, true",
        "2.4.24, 4.2.25, false",
        "2.5.0,  4.2.33, true",
        "2.5.0-beta, 4.2.32, true",
        "2.5.27, 4.2.58, false",
        "2.6.17, 5.0.23, false",
        "3.0.1,  5.0.27, true",
    })
    void findsTheChartOfEachVersion(String milvus, String chart, boolean exact) {
        ChartChoice choice = ChartFinder.pinned().find(MilvusVersion.parse(milvus));

        assertThat(choice.chart().version()).isEqualTo(chart);
        assertThat(choice.exact()).isEqualTo(exact);
        assertThat(choice.imageTag()).isEqualTo("v" + milvus);
    }

    @Test
    void saysWhy() {
        assertThat(ChartFinder.pinned().find(MilvusVersion.parse("2.2.14")).explanation())
                .isEqualTo("Chart 4.0.34 is the newest for Milvus 2.2.14 in the table of this library.");
        assertThat(ChartFinder.pinned().find(MilvusVersion.parse("2.2.16")).explanation())
                .isEqualTo("There is no chart for Milvus 2.2.16 in the table of this library, so chart 4.0.34 is taken,"
                        + " the newest of the 2.2 line (made for 2.2.14), with image.all.tag set to v2.2.16.");
    }

    @Test
    void withoutTheRepositoryTheTableOfTheLibraryIsAsked(@TempDir Path folder) throws IOException {
        ChartRepository repository = ChartRepository.open(folder.toString());
        Files.delete(folder);

        ChartChoice choice = ChartFinder.inOrPinned(repository).find(MilvusVersion.parse("2.2.14"));

        assertThat(choice.chart().version()).isEqualTo("4.0.34");
        assertThat(choice.explanation())
                .isEqualTo("Chart 4.0.34 is the newest for Milvus 2.2.14 in the table of this library. The repository"
                        + " could not be asked: The charts in " + folder + " cannot be read:"
                        + " java.nio.file.NoSuchFileException: " + folder + ". Check the path.");
    }

    @Test
    void aRepositoryThatAnswersIsBelieved(@TempDir Path folder) throws IOException {
        Files.write(
                folder.resolve("milvus.tgz"),
                ChartFixture.milvus("4.0.31", "2.2.13").packed());
        ChartFinder finder = ChartFinder.inOrPinned(ChartRepository.open(folder.toString()));

        assertThat(finder.find(MilvusVersion.parse("2.2.16")).chart().version()).isEqualTo("4.0.31");
        Files.writeString(folder.resolve("index.yaml"), "<html>Sign in</html>");
        assertThatThrownBy(() -> ChartFinder.inOrPinned(ChartRepository.open(folder.toString())))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNUSABLE));
    }

    @Test
    void theArchivedRepositoryIsNamedAsSuch() {
        ChartFinder archived = ChartFinder.of(ARCHIVED, List.of(chart("4.0.31", "2.2.13"), chart("4.0.6", "2.2.2")));

        assertThat(archived.find(MilvusVersion.parse("2.2.16")).explanation())
                .isEqualTo(
                        "There is no chart for Milvus 2.2.16 in " + ARCHIVED + ", so chart 4.0.31 is taken, the newest"
                                + " of the 2.2 line (made for 2.2.13), with image.all.tag set to v2.2.16. The repository "
                                + ARCHIVED + " is archived and ends with chart 4.0.31; newer ones are in"
                                + " https://zilliztech.github.io/milvus-helm/.");
        assertNotFound(
                () -> archived.chart("4.0.34"),
                "There is no chart milvus 4.0.34 in " + ARCHIVED
                        + ": its newest is chart milvus 4.0.31 (Milvus 2.2.13)."
                        + " The repository " + ARCHIVED + " is archived and ends with chart 4.0.31; newer ones are in"
                        + " https://zilliztech.github.io/milvus-helm/. Name one of its versions, or another repository.");
    }

    @Test
    void preReleasesAreChosenOnlyIfTheyAreAskedFor() {
        ChartFinder finder = ChartFinder.of(
                "r", List.of(chart("5.1.0-rc.1", "2.5.1"), chart("5.0.0", "2.6.0-rc1"), chart("4.2.34", "2.5.1")));

        assertThat(finder.find(MilvusVersion.parse("2.5.1")).chart().version()).isEqualTo("4.2.34");
        assertThat(finder.withPreReleases()
                        .find(MilvusVersion.parse("2.5.1"))
                        .chart()
                        .version())
                .isEqualTo("5.1.0-rc.1");
        assertThat(finder.find(MilvusVersion.parse("2.6.0-rc1")).chart().version())
                .isEqualTo("5.0.0");
        assertNotFound(
                () -> finder.find(MilvusVersion.parse("2.6.0")),
                "There is no chart for Milvus 2.6.0, nor for another 2.6, in r: its newest is chart milvus 5.1.0-rc.1"
                        + " (Milvus 2.5.1). Name another repository, or a chart version.");
    }

    @Test
    void aChartCanBeAskedForByItsVersion() {
        assertThat(ChartFinder.pinned().chart("4.2.26")).hasToString("chart milvus 4.2.26 (Milvus 2.5.0-beta)");
        assertNotFound(
                () -> ChartFinder.of("/charts", List.of()).chart("4.0.34"),
                "There is no chart milvus 4.0.34 in /charts: it holds no chart called milvus. Name one of its versions,"
                        + " or another repository.");
    }

    @Test
    void theTableHasEveryChartOnceAndAMilvusForEach() {
        List<ChartVersion> pinned = PinnedCharts.versions();

        assertThat(pinned)
                .extracting(ChartVersion::version)
                .doesNotHaveDuplicates()
                .contains("4.0.27", "4.2.51");
        assertThat(pinned).allSatisfy(chart -> assertThat(chart.milvusVersion()).isPresent());
        assertThat(pinned).isSortedAccordingTo(ChartVersion.NEWEST_FIRST);
        assertThat(pinned)
                .extracting(ChartVersion::version)
                .as("never published")
                .doesNotContain("4.0.9", "4.0.15");
    }

    private static ChartVersion chart(String version, String appVersion) {
        return new ChartVersion("milvus", version, appVersion, List.of(), Optional.empty(), Optional.empty());
    }

    private static void assertNotFound(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_NOT_FOUND))
                .hasMessage(message);
    }
}
