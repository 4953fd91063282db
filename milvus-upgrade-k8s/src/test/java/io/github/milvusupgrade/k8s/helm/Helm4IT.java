package io.github.milvusupgrade.k8s.helm;

import org.junit.jupiter.api.Nested;

/** The program of Helm 4 keeps the contract. */
class Helm4IT {

    @Nested
    class OnTheRehearsalCluster extends HelmCommandContract {
        OnTheRehearsalCluster() {
            super(4, HelmClientContract::rehearsal);
        }
    }

    @Nested
    class OnARealCluster extends HelmCommandContract {
        OnARealCluster() {
            super(4, HelmClientContract::real);
        }
    }
}
