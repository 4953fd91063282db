package io.github.milvusupgrade.k8s.helmpath;

import com.marcnuri.helm.Helm;
import io.github.milvusupgrade.k8s.helm.HelmClient;
import io.github.milvusupgrade.k8s.helm.HelmInProcess;
import io.github.milvusupgrade.k8s.helm.KubeConfigSource;
import io.github.milvusupgrade.k8s.testing.TestBed;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The contract with Helm in this process. */
abstract class InProcess extends ReleaseChecksContract {

    InProcess(Supplier<TestBed> beds) {
        super(beds);
    }

    @Override
    HelmClient helm(String kubeconfig) {
        return HelmInProcess.of(KubeConfigSource.contents(kubeconfig));
    }

    @Override
    void install(String namespace, Path chart, Path values, Path kubeconfig) {
        new Helm(chart)
                .install()
                .withName("my-release")
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig)
                .withValuesFile(values)
                .call();
    }
}
