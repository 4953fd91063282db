package io.github.milvusupgrade.k8s.rehearsal;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command executed in a rehearsed pod prints, and how it ends.
 *
 * @param stdout read and closed once, while it is sent; may be endless, and ends when the client leaves
 * @param stderr sent after it
 * @param exitCode 0 for success
 */
public record ExecAnswer(InputStream stdout, String stderr, int exitCode) {

    private static final int NOT_STARTED = -1;

    /** Success with this output. */
    public static ExecAnswer printed(String stdout) {
        return printed(stdout.getBytes(StandardCharsets.UTF_8));
    }

    /** Success with this output. */
    public static ExecAnswer printed(byte[] stdout) {
        return new ExecAnswer(new ByteArrayInputStream(stdout), "", 0);
    }

    /** Failure with this message. */
    public static ExecAnswer failed(int exitCode, String stderr) {
        return new ExecAnswer(InputStream.nullInputStream(), stderr, exitCode);
    }

    /** The container has no such program; the kubelet reports that as an error of its own, without an exit code. */
    public static ExecAnswer notFound(String program) {
        String where = program.startsWith("/") ? "stat " + program + ": no such file or directory" : "";
        return new ExecAnswer(
                InputStream.nullInputStream(),
                "OCI runtime exec failed: exec failed: unable to start container process: exec: \"" + program + "\": "
                        + (where.isEmpty() ? "executable file not found in $PATH" : where) + ": unknown",
                NOT_STARTED);
    }

    boolean isStarted() {
        return exitCode != NOT_STARTED;
    }
}
