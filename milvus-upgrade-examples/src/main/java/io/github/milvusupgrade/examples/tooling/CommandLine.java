package io.github.milvusupgrade.examples.tooling;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Arguments of the forms {@code --flag}, {@code --name value} and {@code --name=value}, in any order. */
final class CommandLine {

    private final Map<String, List<String>> given;

    private CommandLine(Map<String, List<String>> given) {
        this.given = given;
    }

    /**
     * Sort arguments by name.
     *
     * @param flags the names that stand alone
     * @param options the names that a value follows
     * @throws UsageException if an argument is unknown, or a value is missing or one too many
     */
    static CommandLine parse(List<String> arguments, Set<String> flags, Set<String> options) {
        Map<String, List<String>> given = new LinkedHashMap<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            String name = equals < 0 ? argument : argument.substring(0, equals);
            List<String> values = given.computeIfAbsent(name, unseen -> new ArrayList<>());
            if (flags.contains(name) && equals < 0) {
                values.add("");
            } else if (flags.contains(name)) {
                throw new UsageException(name + " takes no value, but got \"" + argument.substring(equals + 1) + "\".");
            } else if (options.contains(name)) {
                values.add(equals < 0 ? next(name, rest) : argument.substring(equals + 1));
            } else {
                throw new UsageException("Unknown argument \"" + argument + "\".");
            }
        }
        return new CommandLine(given);
    }

    boolean has(String name) {
        return given.containsKey(name);
    }

    /** The value of an option that makes sense once. */
    Optional<String> value(String name) {
        List<String> values = values(name);
        if (values.size() > 1) {
            throw new UsageException(name + " is given more than once: " + String.join(", ", values) + ".");
        }
        return values.stream().findFirst();
    }

    /** The values of an option that may be repeated. */
    List<String> values(String name) {
        return given.getOrDefault(name, List.of());
    }

    private static String next(String name, Iterator<String> rest) {
        String value = rest.hasNext() ? rest.next() : "";
        if (value.isEmpty() || value.startsWith("--")) {
            throw new UsageException(
                    name + " needs a value" + (value.isEmpty() ? "." : ", but " + value + " follows."));
        }
        return value;
    }
}
