package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the first container of a pod is told to run.
 *
 * @param words command and arguments, without a shell in front where that only starts one program
 */
record ContainerCommand(JsonNode pod, String container, List<String> words) {

    private static final Pattern PARAMETER = Pattern.compile("\\$\\{?([0-9]|[A-Za-z_][A-Za-z0-9_]*)}?");
    private static final Pattern COPY = Pattern.compile("cat +(\\S+) *>(?!>) *(\\S+)");
    private static final Pattern APPEND = Pattern.compile("printf +'([^']*)'((?:(?!>>)[^\n])*)>> *(\\S+)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)}?");
    private static final Pattern START = Pattern.compile("(?m)^\\s*(?:exec +)?(\\S*meta-migration\\b.*)$");

    static ContainerCommand of(JsonNode pod) {
        JsonNode container = pod.path("spec").path("containers").path(0);
        List<String> words = new ArrayList<>();
        container.path("command").forEach(word -> words.add(word.asText()));
        container.path("args").forEach(word -> words.add(word.asText()));
        return new ContainerCommand(pod, container.path("name").asText(), words);
    }

    /**
     * The same without a shell. Of a script, those lines are followed that copy a file, add to it by {@code printf},
     * and start the program: enough for a wrapper that hands an account on.
     */
    ContainerCommand withoutShell(Map<String, String> environment, PodFiles files) {
        if (words.size() < 3
                || !words.get(0).matches("(/bin/)?(ba)?sh")
                || !words.get(1).equals("-c")) {
            return this;
        }
        String script = words.get(2).replaceAll(" *\\\\\n *", " ");
        Matcher copy = COPY.matcher(script);
        while (copy.find()) {
            files.read(pod, container, expanded(copy.group(1), environment))
                    .ifPresent(bytes -> files.write(pod, container, expanded(copy.group(2), environment), bytes));
        }
        Matcher append = APPEND.matcher(script);
        while (append.find()) {
            String path = expanded(append.group(3), environment);
            String before = files.text(pod, container, path).orElse("");
            String added = printed(append.group(1), append.group(2), environment);
            files.write(pod, container, path, (before + added).getBytes(StandardCharsets.UTF_8));
        }
        Matcher start = START.matcher(script);
        return Optional.of(start)
                .filter(Matcher::find)
                .map(found -> new ContainerCommand(
                        pod,
                        container,
                        List.of(found.group(1).trim().split(" +")).stream()
                                .map(word -> expanded(word, environment))
                                .toList()))
                .orElseGet(() -> new ContainerCommand(
                        pod, container, List.of(script.trim().split("\\s+"))));
    }

    /** Each {@code %s} becomes the value of the next variable, in quotes for YAML where a function is called on it. */
    private String printed(String format, String arguments, Map<String, String> environment) {
        String text = format.replace("\\n", "\n");
        boolean quoted = arguments.contains("$(");
        Matcher variable = VARIABLE.matcher(arguments.replaceAll("\\$\\(\\w+", ""));
        while (variable.find()) {
            String value = environment.getOrDefault(variable.group(1), "");
            text = text.replaceFirst(
                    "%s", Matcher.quoteReplacement(quoted ? "'" + value.replace("'", "''") + "'" : value));
        }
        return text;
    }

    /** The word without quotes, its parameters filled in. */
    private String expanded(String word, Map<String, String> environment) {
        return PARAMETER
                .matcher(word.replaceAll("[\"';]", ""))
                .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), environment)));
    }

    private String value(String name, Map<String, String> environment) {
        if (!Character.isDigit(name.charAt(0))) {
            return environment.getOrDefault(name, "");
        }
        int index = 3 + Integer.parseInt(name);
        return index < words.size() ? words.get(index) : "";
    }

    /** Whether the program has this name, wherever it lies. */
    boolean runs(String program) {
        return !words.isEmpty() && (words.get(0).equals(program) || words.get(0).endsWith("/" + program));
    }
}
