/**
 * An upgrade with knowledge of one's own: steps that only your company needs, and a rule that only your company has.
 * They are planned, journaled, resumed, reported and undone like those of the library.
 */
@NullMarked
package io.github.milvusupgrade.examples.custom;

import org.jspecify.annotations.NullMarked;
