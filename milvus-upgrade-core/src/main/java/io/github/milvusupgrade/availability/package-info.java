/**
 * What clients of the instance see while it is upgraded. Callers bring the probes, for only they know what their
 * clients do; the library attempts them at a stated rate and says how many attempts succeeded, how long there was no
 * success, and how long the successes took. A pod that is ready says nothing of that.
 */
@NullMarked
package io.github.milvusupgrade.availability;

import org.jspecify.annotations.NullMarked;
