package io.github.milvusupgrade.k8s.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContentDigestTest {

    @Test
    void doesNotDependOnTheOrder() {
        assertThat(of("a", "1", "b", "2")).isEqualTo(of("b", "2", "a", "1"));
    }

    @Test
    void dependsOnEveryKeyAndValueAndOnHowOftenItComes() {
        ContentDigest one = of("a", "1", "b", "2");
        assertThat(List.of(
                        of("a", "1"),
                        of("a", "1", "b", "3"),
                        of("a", "1", "c", "2"),
                        of("a", "2", "b", "1"),
                        of("a1", "", "b", "2"),
                        of("a", "1", "b", "2", "b", "2")))
                .doesNotContain(one)
                .doesNotHaveDuplicates();
    }

    private static ContentDigest of(String... pairs) {
        ContentDigest digest = ContentDigest.EMPTY;
        for (int i = 0; i < pairs.length; i += 2) {
            digest = digest.with(pairs[i].getBytes(UTF_8), pairs[i + 1].getBytes(UTF_8));
        }
        return digest;
    }
}
