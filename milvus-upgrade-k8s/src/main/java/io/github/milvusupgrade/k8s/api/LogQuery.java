package io.github.milvusupgrade.k8s.api;

/**
 * Which part of a container's log to read.
 *
 * @param container the container's name
 * @param previous whether to read the run before the last restart
 * @param tailLines at most so many lines, from the end
 * @param limitBytes at most so many bytes, whatever the lines
 */
public record LogQuery(String container, boolean previous, int tailLines, int limitBytes) {

    /** The last lines of a container, at most 64 KiB of them. */
    public static LogQuery tail(String container, int lines) {
        return new LogQuery(container, false, lines, 64 * 1024);
    }

    /** The same of the run before its last restart: what a crash said. */
    public LogQuery ofPreviousRun() {
        return new LogQuery(container, true, tailLines, limitBytes);
    }
}
