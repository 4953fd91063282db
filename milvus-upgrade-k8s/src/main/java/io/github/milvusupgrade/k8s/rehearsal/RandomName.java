package io.github.milvusupgrade.k8s.rehearsal;

import java.util.concurrent.ThreadLocalRandom;

/** Endings of generated names, in the alphabet that Kubernetes uses: no vowels, so no words. */
final class RandomName {

    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private RandomName() {}

    static String suffix() {
        StringBuilder text = new StringBuilder();
        ThreadLocalRandom.current().ints(5, 0, ALPHABET.length()).forEach(i -> text.append(ALPHABET.charAt(i)));
        return text.toString();
    }

    /** The same ending for the same content. */
    static String hash(String content) {
        StringBuilder text = new StringBuilder();
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < content.length(); i++) {
            hash = (hash ^ content.charAt(i)) * 0x100000001b3L;
        }
        for (int i = 0; i < 10; i++) {
            text.append(ALPHABET.charAt((int) Long.remainderUnsigned(hash, ALPHABET.length())));
            hash = Long.divideUnsigned(hash, ALPHABET.length());
        }
        return text.toString();
    }
}
