/**
 * An upgrade that is measured from outside: clients insert and search all the time, by the official Milvus SDK, and the
 * run stops or goes back if they have to wait too long.
 */
@NullMarked
package io.github.milvusupgrade.examples.availability;

import org.jspecify.annotations.NullMarked;
