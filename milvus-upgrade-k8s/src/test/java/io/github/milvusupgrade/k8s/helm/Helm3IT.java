package io.github.milvusupgrade.k8s.helm;

import org.junit.jupiter.api.Nested;

/** The program of Helm 3 keeps the contract. */
class Helm3IT {

    @Nested
    class OnTheRehearsalCluster extends HelmCommandContract {
        OnTheRehearsalCluster() {
            super(3, HelmClientContract::rehearsal);
        }
    }

    @Nested
    class OnARealCluster extends HelmCommandContract {
        OnARealCluster() {
            super(3, HelmClientContract::real);
        }
    }
}
