package io.github.milvusupgrade.k8s.release;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseSizeTest {

    /** What cannot be pressed: n bytes of it take n bytes, and base64 adds a third. */
    private static String noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(7).nextBytes(noise);
        return Base64.getEncoder().encodeToString(noise);
    }

    @Test
    void isThatOfTheRecordWithTheBase64OfHelm() {
        ObjectNode chart = json("{values: {a: 1}}");

        long size = ReleaseSize.estimate(chart, json("{}"), noise(300_000)).bytes();

        assertThat(size).isBetween(400_000L, 410_000L).isLessThan((long)
                (noise(300_000).length() * 1.03));
        assertThat(chart).as("left as it was").isEqualTo(json("{values: {a: 1}}"));
    }

    @Test
    void countsChartValuesAndManifest() {
        ObjectNode noisy = json("{}").put("noise", noise(30_000));

        assertThat(ReleaseSize.estimate(noisy, json("{}"), "").bytes()).isGreaterThan(40_000);
        assertThat(ReleaseSize.estimate(json("{}"), noisy, "").bytes()).isGreaterThan(40_000);
        assertThat(ReleaseSize.estimate(json("{}"), json("{}"), noise(30_000)).bytes())
                .isGreaterThan(40_000);
    }

    @Test
    void aReleaseThatIsTooLargeIsForeseen() {
        ReleaseSize size = ReleaseSize.estimate(json("{}"), json("{}"), noise(800_000));

        assertThat(size.fits()).isFalse();
        assertThat(size.isNearLimit()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1048577, false, true,  '1025 KiB, 100 % of what a Secret holds'",
        "1048576, true,  true,  '1024 KiB, 100 % of what a Secret holds'",
        "838861,  true,  true,  '820 KiB, 80 % of what a Secret holds'",
        "838860,  true,  false, '820 KiB, 80 % of what a Secret holds'",
        "308000,  true,  false, '301 KiB, 29 % of what a Secret holds'",
    })
    void kubernetesTakesOneMebibyte(long bytes, boolean fits, boolean near, String text) {
        ReleaseSize size = new ReleaseSize(bytes);

        assertThat(size.fits()).isEqualTo(fits);
        assertThat(size.isNearLimit()).isEqualTo(near);
        assertThat(size).hasToString(text);
    }
}
