/**
 * One execution: what is said while it goes on, how it is stopped, and what is reported when it is over. Events are the
 * single source: the report is built from the same ones that listeners see.
 */
@NullMarked
package io.github.milvusupgrade.run;

import org.jspecify.annotations.NullMarked;
