package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.examples.tooling.Arguments.Live;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How to call this command again for the same instance, ready to be copied into a shell. */
final class OwnCommand {

    private final List<String> place;

    private OwnCommand(List<String> place) {
        this.place = place;
    }

    static OwnCommand of(Arguments arguments) {
        List<String> place = new ArrayList<>();
        if (arguments.where() instanceof Live live) {
            place.addAll(List.of("--kubeconfig", live.kubeconfig().toString()));
            live.context().ifPresent(context -> place.addAll(List.of("--context", context)));
            live.namespace().ifPresent(namespace -> place.addAll(List.of("--namespace", namespace)));
            place.addAll(List.of("--instance", live.instance()));
        } else {
            place.addAll(List.of("--kubeconfig", "FILE", "--namespace", "NS", "--instance", "NAME"));
        }
        return new OwnCommand(place);
    }

    /** The command with an option. */
    String with(String option, String value) {
        String arguments = Stream.concat(place.stream(), Stream.of(option, value))
                .map(OwnCommand::quoted)
                .collect(Collectors.joining(" "));
        String program = program();
        return program.endsWith(".jar")
                ? "java -jar " + quoted(program) + " " + arguments
                : "./mvnw -q compile -Prehearse -Dargs=\"" + arguments + "\"";
    }

    /** Where this class was loaded from: a jar, or the classes of a checkout. */
    private static String program() {
        try {
            return Path.of(PlatformTooling.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class path entry is no URI", e);
        }
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
