/**
 * Helm charts before Helm sees them: which versions a repository holds, which of them installs a Milvus version, and
 * what a packed chart says. Reads only, with limits on everything that comes from outside, and without the {@code helm}
 * binary; so the answers are there when a plan is made, not when it is executed. Not for callers of the library.
 */
@NullMarked
package io.github.milvusupgrade.k8s.chart;

import org.jspecify.annotations.NullMarked;
