package io.github.milvusupgrade.k8s.helm;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Helm says is passed on without credentials. */
class MaskTest {

    private static final Mask MASK = Mask.of(json("""
            {minio: {accessKey: 'minio-user', secretKey: 'minio-user-key', existingSecret: '', port: 9000},
             pulsar: {auth: {tokens: ['first-token', {of: 'second-token'}]}},
             image: {all: {tag: 'v2.2.16'}}}
            """));

    @ParameterizedTest
    @CsvSource({
        "cannot use minio-user-key here, cannot use *** here",
        "minio-user is no name, *** is no name",
        "first-token and second-token differ, *** and *** differ",
        "v2.2.16 on 9000 is known, v2.2.16 on 9000 is known",
        "password: other, password: ***"
    })
    void valuesUnderSecretKeysAreMaskedWhereverTheyAre(String printed, String passedOn) {
        assertThat(MASK.excerpt(printed)).isEqualTo(passedOn);
    }

    @Test
    void muchIsCut() {
        assertThat(Mask.ofNothing().excerpt("a".repeat(4_001))).isEqualTo("a".repeat(4_000) + "…");
    }

    @Test
    void itIsTheLastSentence() {
        assertThat(MASK.said(" no\n")).isEqualTo("Helm said: no");
        assertThat(MASK.said("\n")).isEqualTo("Helm said nothing.");
    }
}
