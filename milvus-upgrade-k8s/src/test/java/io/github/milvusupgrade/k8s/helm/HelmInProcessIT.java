package io.github.milvusupgrade.k8s.helm;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Helm in this process keeps the contract on a real cluster. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class HelmInProcessIT extends HelmInProcessContract {

    HelmInProcessIT() {
        super(HelmClientContract::real);
    }
}
