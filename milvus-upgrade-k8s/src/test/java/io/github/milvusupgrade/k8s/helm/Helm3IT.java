package io.github.milvusupgrade.k8s.helm;

/** The program of Helm 3 keeps the contract. */
class Helm3IT extends HelmCommandContract {

    Helm3IT() {
        super("MILVUS_UPGRADE_IT_HELM3");
    }
}
