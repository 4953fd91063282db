package io.github.milvusupgrade;

import java.util.ArrayList;
import java.util.List;

/** What steps, journal and lock did, in the order in which it really happened. */
final class History {

    private final List<String> lines = new ArrayList<>();

    synchronized void add(String line) {
        lines.add(line);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** The lines that begin with a word, without that word. */
    List<String> of(String word) {
        return lines().stream()
                .filter(line -> line.startsWith(word + " "))
                .map(line -> line.substring(word.length() + 1))
                .toList();
    }

    synchronized void forget() {
        lines.clear();
    }
}
