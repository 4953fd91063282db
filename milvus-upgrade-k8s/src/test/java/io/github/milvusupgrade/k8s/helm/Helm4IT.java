package io.github.milvusupgrade.k8s.helm;

/** The program of Helm 4 keeps the contract. */
class Helm4IT extends HelmCommandContract {

    Helm4IT() {
        super("MILVUS_UPGRADE_IT_HELM4");
    }
}
