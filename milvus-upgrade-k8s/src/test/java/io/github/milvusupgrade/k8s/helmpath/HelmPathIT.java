package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.k8s.testing.RealCluster;
import io.github.milvusupgrade.k8s.testing.TestBed;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The helm path on a real control plane, by every Helm. */
class HelmPathIT {

    @Nested
    class ByHelm3 extends ByProgram {
        ByHelm3() {
            super(3);
        }
    }

    @Nested
    class ByHelm4 extends ByProgram {
        ByHelm4() {
            super(4);
        }
    }

    @Nested
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    class ByHelmInProcess extends InProcess {
        ByHelmInProcess() {
            super(() -> TestBed.real(RealCluster.orSkip()));
        }
    }
}
