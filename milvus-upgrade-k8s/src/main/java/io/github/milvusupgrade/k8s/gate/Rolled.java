package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a component was just rolled to, forth or back.
 *
 * @param images the image that each of its workloads runs now
 * @param version the version that it runs now
 */
public record Rolled(Map<Workload, String> images, MilvusVersion version) {

    /** Copy what is handed in. */
    public Rolled {
        images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
    }
}
