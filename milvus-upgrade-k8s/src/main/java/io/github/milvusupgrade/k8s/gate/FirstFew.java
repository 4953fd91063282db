package io.github.milvusupgrade.k8s.gate;

import java.util.List;

/** What a gate misses, in one line: the first few by name, of the others how many. */
final class FirstFew {

    private static final int NAMED = 3;

    private FirstFew() {}

    static String of(List<String> missing, String separator) {
        String named = String.join(separator, missing.subList(0, Math.min(NAMED, missing.size())));
        return named + (missing.size() > NAMED ? separator + "and " + (missing.size() - NAMED) + " more" : "");
    }
}
