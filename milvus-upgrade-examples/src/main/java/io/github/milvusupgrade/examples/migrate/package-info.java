/**
 * The fifth example: metadata of Milvus 2.1 is migrated for 2.2, brought back, and migrated again, on the embedded
 * cluster. Start with {@link io.github.milvusupgrade.examples.migrate.MetadataMigration}.
 */
@NullMarked
package io.github.milvusupgrade.examples.migrate;

import org.jspecify.annotations.NullMarked;
