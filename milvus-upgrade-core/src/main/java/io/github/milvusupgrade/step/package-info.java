/**
 * One unit of work that can be checked, applied again, and maybe undone. A step knows neither the plan it stands in nor
 * the journal: it is handed a {@link io.github.milvusupgrade.step.StepContext} and says what it did. One sentence makes
 * everything else possible: <em>apply must be idempotent</em>.
 */
@NullMarked
package io.github.milvusupgrade.step;

import org.jspecify.annotations.NullMarked;
