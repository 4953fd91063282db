package io.github.milvusupgrade.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageReferenceTest {

    private static final String DIGEST = "sha256:3f2a91d0c5b64e5a8f0d9e7b6c5a4f3e2d1c0b9a8f7e6d5c4b3a291807f6e5d4";

    @ParameterizedTest
    @CsvSource({
        "milvusdb/milvus:v2.2.16,                               ,                    milvusdb/milvus,           v2.2.16",
        "milvusdb/milvus,                                       ,                    milvusdb/milvus,           ",
        "milvus:latest,                                         ,                    milvus,                    latest",
        "docker.io/milvusdb/milvus:v2.6.0-rc1,                  docker.io,           milvusdb/milvus,           v2.6.0-rc1",
        "harbor.milvus.io/milvus/milvus:master-20230103-72184eae, harbor.milvus.io,  milvus/milvus,             master-20230103-72184eae",
        "harbor.milvus.io/dockerhub/milvusdb/milvus:v2.5.4,     harbor.milvus.io,    dockerhub/milvusdb/milvus, v2.5.4",
        "harbor.milvus.io/manta/milvus:2.6-20260723-d73c8e53,   harbor.milvus.io,    manta/milvus,              2.6-20260723-d73c8e53",
        "host:5000/milvusdb/milvus:2.2.13,                      host:5000,           milvusdb/milvus,           2.2.13",
        "host:5000/milvusdb/milvus,                             host:5000,           milvusdb/milvus,           ",
        "localhost/milvus:v2.2.16,                              localhost,           milvus,                    v2.2.16",
        "[fd00::1]:5000/milvusdb/milvus:v2.2.16,                [fd00::1]:5000,      milvusdb/milvus,           v2.2.16",
        "milvusdb/meta-migration:v2.2.0-bugfix-20230112,        ,                    milvusdb/meta-migration,   v2.2.0-bugfix-20230112",
    })
    void anImageIsTakenApart(String text, String registry, String repository, String tag) {
        ImageReference image = ImageReference.parse(text);

        assertThat(image.registry().orElse(null)).isEqualTo(registry);
        assertThat(image.repository()).isEqualTo(repository);
        assertThat(image.tag().orElse(null)).isEqualTo(tag);
        assertThat(image.digest()).isEmpty();
        assertThat(image).hasToString(text);

        ImageReference pinned = ImageReference.parse(text + "@" + DIGEST);
        assertThat(pinned.digest()).contains(DIGEST);
        assertThat(pinned.tag()).isEqualTo(image.tag());
        assertThat(pinned.registry()).isEqualTo(image.registry());
        assertThat(pinned).hasToString(text + "@" + DIGEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                        | it names no repository.",
                "milvus:v1:v2              | its repository \"milvus:v1\" is not a path of lower-case names.",
                "host:5000/                | its repository \"\" is not a path of lower-case names.",
                "milvusdb//milvus:v2.2.16  | its repository \"milvusdb//milvus\" is not a path of lower-case names.",
                "MilvusDB/milvus:v2.2.16   | its repository \"MilvusDB/milvus\" is not a path of lower-case names.",
                "milvusdb/milvus:          | its tag \"\" is not a tag.",
                "milvusdb/milvus:v2 2      | its tag \"v2 2\" is not a tag.",
                "milvusdb/milvus@sha256:12 | its digest \"sha256:12\" is not a digest.",
                "-host.io/milvus:v2.2.16   | its registry \"-host.io\" is not a host.",
            })
    void whatIsNoImageIsRefusedWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> ImageReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not an image: \"" + text + "\": " + reason + " Write it like milvusdb/milvus:v2.2.16.");
    }

    @Test
    void theVersionIsThatOfTheTag() {
        assertThat(ImageReference.parse("host:5000/milvusdb/milvus:v2.2.4-gpu@" + DIGEST)
                        .version())
                .contains(MilvusVersion.of(2, 2, 4));
        assertThat(ImageReference.parse("milvusdb/milvus:latest").version()).isEmpty();
        assertThat(ImageReference.parse("host:5000/milvusdb/milvus@" + DIGEST).version())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "milvusdb/milvus:v2.2.4,                   milvusdb/milvus:v2.2.16",
        "host:5000/milvus:2.2.4,                   host:5000/milvus:2.2.16",
        "milvusdb/milvus:v2.2.4-gpu,               milvusdb/milvus:v2.2.16-gpu",
        "milvusdb/milvus:2.2.4-amd64-debug,        milvusdb/milvus:2.2.16-amd64-debug",
        "milvusdb/milvus:v2.2.4-hotfix-gpu,        milvusdb/milvus:v2.2.16-gpu",
        "milvusdb/milvus:2.2.0-20230625-c6e4b69b,  milvusdb/milvus:v2.2.16",
        "milvusdb/milvus:master-20230625-c6e-gpu,  milvusdb/milvus:v2.2.16-gpu",
        "milvusdb/milvus:latest,                   milvusdb/milvus:v2.2.16",
        "milvusdb/milvus,                          milvusdb/milvus:v2.2.16",
    })
    void anotherVersionKeepsWhatIsNotOfTheOldOne(String running, String target) {
        MilvusVersion version = MilvusVersion.of(2, 2, 16);

        assertThat(ImageReference.parse(running).withVersion(version)).hasToString(target);
        assertThat(ImageReference.parse(running + "@" + DIGEST).withVersion(version))
                .hasToString(target);
    }

    @Test
    void jsonHoldsTheImageAsText() throws Exception {
        ObjectMapper json = new ObjectMapper();
        String text = "host:5000/milvusdb/milvus:v2.2.16@" + DIGEST;

        assertThat(json.writeValueAsString(ImageReference.parse(text))).isEqualTo("\"" + text + "\"");
        assertThat(json.readValue("\"" + text + "\"", ImageReference.class)).hasToString(text);
    }
}
