package io.github.milvusupgrade.k8s.api;

import java.io.IOException;
import java.io.InputStream;

/** Makes something of the standard output of a {@link PodCommand}, while it comes. */
@FunctionalInterface
public interface OutputReader<T> {

    /** Reads as far as is needed; what is left is thrown away. An exception of the stream is to be passed on. */
    T read(InputStream output) throws IOException;
}
