package io.github.milvusupgrade.step;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The name of one execution of a plan. It is printed in every message that asks for a resume or a rollback, stamped on
 * the objects that the run changes, and part of Kubernetes names, hence its narrow alphabet.
 *
 * @param value lower-case letters, digits and dashes, such as {@code r20261122-184502-7f3a}
 */
public record RunId(@JsonValue String value) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");

    /** Refuse what could not be part of a Kubernetes name. */
    @JsonCreator
    public RunId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "Not a run id: \"" + value + "\": only lower-case letters, digits and dashes, at most 40.");
        }
    }

    /** The run that is called so. */
    public static RunId of(String value) {
        return new RunId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
