package io.github.milvusupgrade.k8s.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.error.Code;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The program of Helm 4 keeps the contract. */
class Helm4IT {

    private static final String VARIABLE = "MILVUS_UPGRADE_IT_HELM4";

    @BeforeAll
    static void orSkip() {
        HelmCommandContract.binaryOrSkip(VARIABLE);
    }

    @Nested
    class OnTheRehearsalCluster extends HelmCommandContract {
        OnTheRehearsalCluster() {
            super(VARIABLE, HelmClientContract::rehearsal);
        }
    }

    @Nested
    class OnARealCluster extends HelmCommandContract {
        OnARealCluster() {
            super(VARIABLE, HelmClientContract::real);
        }

        @Test
        void anImageThatWasPatchedIsNotReplacedByAnother() {
            patchImage("milvusdb/milvus:v2.2.16");

            assertFails(
                            () -> helm().upgrade(upgrade("{image: {all: {tag: 'v2.2.15'}}}"), MINUTE, () -> false),
                            Code.CHANGED_BY_OTHERS)
                    .message()
                    .contains("conflict with \"milvus-upgrade\"");
            assertThat(deployment().at(IMAGE).asText()).isEqualTo("milvusdb/milvus:v2.2.16");
        }

        @Test
        void notEvenAfterAnUpgradeThatSaidTheSame() {
            patchImage("milvusdb/milvus:v2.2.16");
            helm().upgrade(upgrade("{image: {all: {tag: 'v2.2.16'}}}"), MINUTE, () -> false);

            assertFails(
                    () -> helm().upgrade(upgrade("{image: {all: {tag: 'v2.2.15'}}}"), MINUTE, () -> false),
                    Code.CHANGED_BY_OTHERS);
        }
    }
}
