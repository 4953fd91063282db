package io.github.milvusupgrade.k8s.api;

import java.util.List;

/**
 * A program to be run in a container that is running already. Its words are handed over one by one: no shell reads
 * them.
 *
 * @param pod the pod
 * @param container the container
 * @param words the program and its arguments
 */
public record PodCommand(ObjectRef pod, String container, List<String> words) {

    /** Copy what is handed in. */
    public PodCommand {
        words = List.copyOf(words);
    }
}
