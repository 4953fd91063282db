/** What users write with the library, each a small main class. */
@NullMarked
package io.github.milvusupgrade.examples;

import org.jspecify.annotations.NullMarked;
