package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.examples.tooling.Arguments.Live;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How to call this command again for the same instance, ready to be copied into a shell. */
final class OwnCommand {

    private final List<String> words;

    private OwnCommand(List<String> words) {
        this.words = words;
    }

    static OwnCommand of(Arguments arguments) {
        List<String> words = new ArrayList<>(program());
        if (arguments.where() instanceof Live live) {
            words.addAll(List.of("--kubeconfig", live.kubeconfig().toString()));
            live.context().ifPresent(context -> words.addAll(List.of("--context", context)));
            live.namespace().ifPresent(namespace -> words.addAll(List.of("--namespace", namespace)));
            words.addAll(List.of("--instance", live.instance()));
        } else {
            words.addAll(List.of("--kubeconfig", "FILE", "--namespace", "NS", "--instance", "NAME"));
        }
        return new OwnCommand(words);
    }

    /** The command with two more words. */
    String with(String option, String value) {
        List<String> all = new ArrayList<>(words);
        all.add(option);
        all.add(value);
        return all.stream().map(OwnCommand::quoted).collect(Collectors.joining(" "));
    }

    private static List<String> program() {
        try {
            URI source = PlatformTooling.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            String location = Path.of(source).toString();
            return location.endsWith(".jar")
                    ? List.of("java", "-jar", location)
                    : List.of("java", "-cp", System.getProperty("java.class.path"), PlatformTooling.class.getName());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class path entry is no URI", e);
        }
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
