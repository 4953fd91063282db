/**
 * Milvus' configuration as the text it is: read the way Milvus reads it, and changed without touching a byte that was
 * not asked for. Everything here is a pure function over text; fetching and storing the text is somebody else's work.
 */
@NullMarked
package io.github.milvusupgrade.k8s.config;

import org.jspecify.annotations.NullMarked;
