/**
 * The steps of the migrate path: stop, back up the metadata and prove the backup, convert, start
 * (milvus-io/milvus:deployments/migrate-meta/migrate.sh, without its faults). Callers need
 * {@link io.github.milvusupgrade.k8s.migrate.MigrateOptions} and what it takes.
 */
@NullMarked
package io.github.milvusupgrade.k8s.migrate;

import org.jspecify.annotations.NullMarked;
