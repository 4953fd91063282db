package io.github.milvusupgrade.k8s.helm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Java of its own, for tests about the end of a process and about what it is started with. */
final class ChildJvm {

    static final String CLASS_PATH = System.getProperty("java.class.path");

    private ChildJvm() {}

    /** Variables beside those of this process. */
    static Process start(Class<?> main, String classPath, Map<String, String> environment, String... arguments) {
        String java = ProcessHandle.current().info().command().orElseThrow();
        List<String> command = new ArrayList<>(List.of(java, "-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
