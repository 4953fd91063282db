/**
 * A service that plans, runs, watches, cancels and rolls back upgrades over HTTP, where a person approves exactly the
 * plan that was shown: its digest is the approval. On the JDK's own HTTP server, to be read rather than to be exposed.
 */
@NullMarked
package io.github.milvusupgrade.examples.service;

import org.jspecify.annotations.NullMarked;
