package io.github.milvusupgrade.step;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The stable name of a step, unique within its plan. It goes into the journal, and resuming and undoing find the code
 * of the step by it: never rename one.
 *
 * @param value such as {@code 2.2.16/roll/rootcoord} or {@code acme/pause-ingest}
 */
public record StepId(@JsonValue String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,119}");

    /** Refuse what would be hard to read in a journal or a URL. */
    @JsonCreator
    public StepId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("Not a step id: \"" + value
                    + "\": letters, digits, dots, dashes, underscores and slashes, at most 120.");
        }
    }

    /** The step that is called so. */
    public static StepId of(String value) {
        return new StepId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
