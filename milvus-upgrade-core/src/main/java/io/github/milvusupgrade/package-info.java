/**
 * The front door. {@link io.github.milvusupgrade.Upgrader} finds out what runs, plans, checks, executes, resumes and
 * takes back; {@link io.github.milvusupgrade.MilvusCluster} is where the instance really lives. Everything below is
 * immutable data that flows one way: snapshot, path, plan, preflight, report.
 */
@NullMarked
package io.github.milvusupgrade;

import org.jspecify.annotations.NullMarked;
