package io.github.milvusupgrade.path;

import io.github.milvusupgrade.version.MilvusVersion;
import java.util.Optional;

/**
 * What to do instead of an upgrade that a rule refuses.
 *
 * @param target the version that can be reached and comes nearest to what was asked for, if there is one
 * @param advice one or two sentences, ready to be printed
 */
public record NearestWay(Optional<MilvusVersion> target, String advice) {

    /** Refuse to leave people without advice. */
    public NearestWay {
        if (advice.isBlank()) {
            throw new IllegalArgumentException("A refusal says what to do instead, but its advice is blank.");
        }
    }

    /** Advise to take another target. */
    public static NearestWay to(MilvusVersion target, String advice) {
        return new NearestWay(Optional.of(target), advice);
    }

    /** Advise something else than another target. */
    public static NearestWay of(String advice) {
        return new NearestWay(Optional.empty(), advice);
    }
}
