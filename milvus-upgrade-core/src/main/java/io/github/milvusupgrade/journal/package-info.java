/**
 * What is remembered of a run, and the lock against a second one. An intent is written before the act and the outcome
 * after it; what cannot be written is not done. The cluster is the truth, the journal is the memory: together they are
 * enough to go on, or back, after the process died at any moment.
 */
@NullMarked
package io.github.milvusupgrade.journal;

import org.jspecify.annotations.NullMarked;
