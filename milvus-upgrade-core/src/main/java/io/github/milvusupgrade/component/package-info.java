/**
 * The parts of Milvus and the order among them. A part that is upgraded before one it depends on may not start, or may
 * refuse what its neighbours send; so an order is declared as "this before that" and never as a list of names that a
 * new part could be missing from without anybody noticing: a {@link io.github.milvusupgrade.component.ComponentGraph}
 * refuses parts it does not know.
 */
@NullMarked
package io.github.milvusupgrade.component;

import org.jspecify.annotations.NullMarked;
