package io.github.milvusupgrade.k8s.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1, 1, 1",
        "500m, 0.5, 500m",
        "1500m, 1.5, 1500m",
        "0.1, 0.1, 100m",
        ".5, 0.5, 500m",
        "2., 2, 2",
        "100u, 0.0001, 0.0001",
        "250000000n, 0.25, 250m",
        "2k, 2000, 2000",
        "1M, 1000000, 1000000",
        "1Ki, 1024, 1024",
        "512Mi, 536870912, 512Mi",
        "4Gi, 4294967296, 4Gi",
        "4294967296, 4294967296, 4Gi",
        "1536Mi, 1610612736, 1536Mi",
        "1Ti, 1099511627776, 1024Gi",
        "1e3, 1000, 1000",
        "1E3, 1000, 1000",
        "2e-3, 0.002, 2m",
        "1E, 1000000000000000000, 1000000000000000000",
        "1Ei, 1152921504606846976, 1073741824Gi",
        "-1, -1, -1"
    })
    void readsWhatKubernetesWritesAndWritesWhatPeopleRead(String text, BigDecimal amount, String written) {
        Quantity quantity = Quantity.parse(text).orElseThrow();

        assertThat(quantity.amount()).isEqualByComparingTo(amount);
        assertThat(quantity).hasToString(written);
        assertThat(Quantity.parse(written)).contains(quantity);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "1 Gi", "1gi", "one", "1e", "1Gi2", "0x10"})
    void refusesWhatIsNoQuantity(String text) {
        assertThat(Quantity.parse(text)).isEmpty();
    }
}
