/** What several tests need: a real cluster if there is one, and raw JSON calls to any. */
package io.github.milvusupgrade.k8s.testing;
