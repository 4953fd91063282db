package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.k8s.testing.RealCluster;
import io.github.milvusupgrade.k8s.testing.TestBed;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The helm path on a real control plane, by every Helm; each test in a namespace of its own. */
class HelmPathIT {

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class ByHelm3 extends ByProgram {
        ByHelm3() {
            super(3);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class ByHelm4 extends ByProgram {
        ByHelm4() {
            super(4);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    class ByHelmInProcess extends InProcess {
        ByHelmInProcess() {
            super(() -> TestBed.real(RealCluster.orSkip()));
        }
    }
}
