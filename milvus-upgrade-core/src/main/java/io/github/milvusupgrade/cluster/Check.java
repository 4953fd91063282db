package io.github.milvusupgrade.cluster;

/**
 * One thing that must be true before an upgrade may start. A check is a function of the snapshot and of read-only
 * access that it brought along; it changes nothing and may be asked any number of times, from any thread. What it
 * cannot find out it answers with {@link Finding#unknown}: an exception thrown by a check is turned into that.
 */
public interface Check {

    /** The stable id, such as {@code P05}: it names the finding in reports and in waivers. */
    String id();

    /** What is looked at, in a few words. */
    String title();

    /** Look, and say what was found. */
    Finding examine(ClusterSnapshot snapshot);
}
