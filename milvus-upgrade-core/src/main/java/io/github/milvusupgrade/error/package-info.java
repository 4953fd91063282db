/** What callers can catch: one unchecked base with a stable code. */
@NullMarked
package io.github.milvusupgrade.error;

import org.jspecify.annotations.NullMarked;
