package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.k8s.testing.TestBed;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The helm path with nothing installed: Helm in this process, and the rehearsal cluster. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class HelmPathTest extends InProcess {

    HelmPathTest() {
        super(TestBed::rehearsal);
    }
}
