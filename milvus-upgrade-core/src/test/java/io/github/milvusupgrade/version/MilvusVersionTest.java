package io.github.milvusupgrade.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MilvusVersionTest {

    @ParameterizedTest
    @CsvSource({
        "v2.2.16,                            2.2.16",
        "2.2.13,                             2.2.13",
        "v3.0.0,                             3.0.0",
        "v2.2.4-gpu,                         2.2.4",
        "v2.2.4-debug,                       2.2.4",
        "v2.2.4-amd64,                       2.2.4",
        "v2.2.4-arm64,                       2.2.4",
        "v2.5.4-gpu-debug,                   2.5.4",
        "v2.5.4-amd64-debug,                 2.5.4",
        "v2.4.13-hotfix,                     2.4.13",
        "v2.4.13-hotfix-gpu,                 2.4.13",
        "2.2.0-20230625-c6e4b69b,            2.2.0",
        "2.3.0-20230911-57bed4a0,            2.3.0",
        "v2.1.0-20220928-9122e34c,           2.1.0",
        "2.2.0-20230625-c6e4b69b-amd64,      2.2.0",
        "v2.2.0-bugfix,                      ",
        "v2.0.0-rc8-20211104-d1f4106,        2.0.0-rc8",
        "2.0.0-rc5-hotfix1-20210901-9e0b2cc, 2.0.0-rc5",
        "2.0.0-rc.1,                         2.0.0-rc1",
        "v2.0.0-pre-ga,                      2.0.0-pre-ga",
        "v2.3.0-beta,                        2.3.0-beta",
        "v2.3.1-beta1,                       2.3.1-beta1",
        "v2.5.0-beta,                        2.5.0-beta",
        "v2.6.0-rc1,                         2.6.0-rc1",
        "2.6.0-dev,                          2.6.0-dev",
        "v3.0-beta,                          3.0.0-beta",
        "2.5-20250509-418c3563-amd64,        ",
        "2.6-20260723-d73c8e53,              ",
        "3.0-20260723-bd384f0,               ",
        "master-20241104-f54cf418-amd64,     ",
        "master-20230103-72184eae,           ",
        "latest,                             ",
        "jane-fix-search-c6e4b69b-20230625,  ",
    })
    void everyTagThatIsInUseNamesTheReleaseItWasMadeFromOrNone(String tag, String version) {
        assertThat(MilvusVersion.fromTag(tag).map(MilvusVersion::toString).orElse(null))
                .isEqualTo(version);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "latest                         | a floating tag names no release.",
                "master                         | a build of a branch names no release.",
                "master-20241104-f54cf418-amd64 | a build of a branch names no release.",
                "2.5-20250509-418c3563-amd64    | a build of a branch names no release.",
                "2.2                            | it names a line of releases, not a release.",
                "v3.0                           | it names a line of releases, not a release.",
                "2.2.16-acme                    | nothing that Milvus publishes ends with \"acme\".",
                "2.2.16-gpu-acme7               | nothing that Milvus publishes ends with \"acme7\".",
                "2.2.16.1                       | a release has three numbers.",
                "2.2.x                          | a release has three numbers.",
                "2.02.16                        | a release has three numbers.",
                "2.2.99999999999                | a release has three numbers.",
                "-2.2.16                        | a release has three numbers.",
                "V2.2.16                        | a release has three numbers.",
                "''                             | it is empty.",
            })
    void whatIsNoVersionIsRefusedWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> MilvusVersion.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Not a Milvus version: \"" + text + "\": " + reason + " State the version, such as 2.2.16.");
    }

    @Test
    void stagesCountUpToTheReleaseAndNumbersCountAsNumbers() {
        List<String> ascending = List.of(
                "1.1.1",
                "2.0.0-rc1",
                "2.0.0-rc2",
                "2.0.0-rc10",
                "2.0.0-pre-ga",
                "2.0.0",
                "2.0.2",
                "2.1.4",
                "2.2.0-dev",
                "2.2.0-alpha",
                "2.2.0-beta",
                "2.2.0-beta1",
                "2.2.0-rc1",
                "2.2.0",
                "2.2.3",
                "2.2.9",
                "2.2.16",
                "2.10.0",
                "3.0.0-beta",
                "3.0.0");

        assertThat(ascending.stream().map(MilvusVersion::parse)).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v2.2.0",
                "2.2.0-gpu",
                "2.2.0-hotfix",
                "2.2.0-20230625-c6e4b69b",
                "v2.2.0-20220928-9122e34c-amd64-debug"
            })
    void aVariantHotfixOrBuildIsTheReleaseItNames(String tag) {
        MilvusVersion release = MilvusVersion.of(2, 2, 0);

        assertThat(MilvusVersion.parse(tag))
                .isEqualTo(release)
                .hasSameHashCodeAs(release)
                .isEqualByComparingTo(release);
    }

    @Test
    void aVersionKnowsItsLineAndItsRelease() {
        MilvusVersion candidate = MilvusVersion.parse("2.6.0-rc1");

        assertThat(candidate.line()).isEqualTo("2.6");
        assertThat(candidate.isPreRelease()).isTrue();
        assertThat(candidate.release()).isEqualTo(MilvusVersion.of(2, 6, 0));
        assertThat(candidate.isOnLineOf(MilvusVersion.of(2, 6, 22))).isTrue();
        assertThat(candidate.isOnLineOf(MilvusVersion.of(3, 6, 0))).isFalse();
        assertThat(MilvusVersion.of(2, 6, 0).isPreRelease()).isFalse();
    }

    @Test
    void aNegativeNumberIsRefused() {
        assertThatThrownBy(() -> MilvusVersion.of(2, -1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A Milvus version has no negative number, but got 2, -1 and 0.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.2.16", "2.6.0-rc1", "2.0.0-pre-ga", "3.0.0-beta"})
    void jsonHoldsTheVersionAsText(String text) throws Exception {
        ObjectMapper json = new ObjectMapper();

        assertThat(json.writeValueAsString(MilvusVersion.parse(text))).isEqualTo("\"" + text + "\"");
        assertThat(json.readValue("\"" + text + "\"", MilvusVersion.class)).hasToString(text);
    }

    @Test
    void theOrderIsTotalAndAgreesWithEquals() {
        List<MilvusVersion> versions = new GeneratedTags(20221123)
                .stream(6000).map(MilvusVersion::parse).toList();

        for (int i = 0; i + 2 < versions.size(); i += 3) {
            MilvusVersion a = versions.get(i);
            MilvusVersion b = versions.get(i + 1);
            MilvusVersion c = versions.get(i + 2);
            String triple = a + ", " + b + ", " + c;

            assertThat(Integer.signum(a.compareTo(b))).as(triple).isEqualTo(-Integer.signum(b.compareTo(a)));
            assertThat(a.compareTo(b) == 0).as(triple).isEqualTo(a.equals(b));
            if (a.equals(b)) {
                assertThat(a).hasSameHashCodeAs(b);
                assertThat(Integer.signum(a.compareTo(c))).as(triple).isEqualTo(Integer.signum(b.compareTo(c)));
            }
            List<MilvusVersion> sorted = Stream.of(a, b, c).sorted().toList();
            assertThat(sorted.get(0).compareTo(sorted.get(2))).as(triple).isNotPositive();
            assertThat(MilvusVersion.parse(a.toString())).isEqualTo(a);
        }
        assertThat(versions.stream().sorted()).isSorted();
        assertThat(versions.stream().distinct().count()).isBetween(100L, 5000L);
    }
}
