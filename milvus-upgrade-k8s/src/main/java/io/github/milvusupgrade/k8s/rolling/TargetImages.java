package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.Workload;

/** The image that each workload is to run after a hop. */
@FunctionalInterface
public interface TargetImages {

    /** The whole reference, as it stands in the Deployment. */
    String of(Workload workload);
}
