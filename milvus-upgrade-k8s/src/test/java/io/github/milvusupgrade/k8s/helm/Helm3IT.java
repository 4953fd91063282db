package io.github.milvusupgrade.k8s.helm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The program of Helm 3 keeps the contract. */
class Helm3IT {

    private static final String VARIABLE = "MILVUS_UPGRADE_IT_HELM3";

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
        void anImageThatWasPatchedIsReplaced() {
            patchImage("milvusdb/milvus:v2.2.16");

            helm().upgrade(upgrade("{image: {all: {tag: 'v2.2.15'}}}"), MINUTE, () -> false);

            assertThat(deployment().at(IMAGE).asText()).isEqualTo("milvusdb/milvus:v2.2.15");
        }
    }
}
