/**
 * What a platform team would ship: one command that shows a plan, asks, upgrades with live progress, and leaves a
 * report. Everything that knows Milvus is in the library; what is here is arguments, a terminal and files.
 */
@NullMarked
package io.github.milvusupgrade.examples.tooling;

import org.jspecify.annotations.NullMarked;
