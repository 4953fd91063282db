package io.github.milvusupgrade.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Base of everything the library throws, apart from the JDK's own exceptions for malformed arguments. Catch this one
 * and decide by {@link #code()}. The message has the form <em>what failed, with its values : why. What to do.</em> and
 * never holds a secret.
 */
public class UpgradeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Code code;

    /** Create an exception whose message stands for itself. */
    public UpgradeException(Code code, String message) {
        super(message);
        this.code = code;
    }

    /** Create an exception for something that another exception caused. */
    public UpgradeException(Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What failed, why, and what to do; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** What happened, for machines. */
    public Code code() {
        return code;
    }
}
