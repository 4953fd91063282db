/**
 * The steps in order, before anything runs. A plan is a value: it can be printed, approved by its digest, customised by
 * functions from plan to plan, and thrown away without consequences.
 */
@NullMarked
package io.github.milvusupgrade.plan;

import org.jspecify.annotations.NullMarked;
