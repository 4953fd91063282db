package io.github.milvusupgrade.k8s.rehearsal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The command line of {@code etcdctl}: words, and flags in any place and either form. */
final class EtcdctlOptions {

    private static final Set<String> SWITCHES = Set.of(
            "prefix",
            "from-key",
            "keys-only",
            "count-only",
            "print-value-only",
            "insecure-skip-tls-verify",
            "insecure-transport",
            "insecure-discovery",
            "cluster",
            "debug",
            "hex",
            "help");
    private static final Set<String> WITH_VALUE = Set.of(
            "endpoints",
            "cacert",
            "cert",
            "key",
            "command-timeout",
            "dial-timeout",
            "keepalive-time",
            "keepalive-timeout",
            "user",
            "password",
            "write-out",
            "limit",
            "rev",
            "sort-by",
            "order",
            "consistency");
    private static final Set<String> FROM_ENVIRONMENT = Set.of(
            "endpoints",
            "cacert",
            "cert",
            "key",
            "user",
            "password",
            "command-timeout",
            "dial-timeout",
            "write-out",
            "insecure-skip-tls-verify",
            "insecure-transport");

    private final List<String> words = new ArrayList<>();
    private final Map<String, String> flags = new HashMap<>();

    /**
     * Takes a command line apart.
     *
     * @throws Failure as {@code etcdctl} complains
     */
    static EtcdctlOptions parse(List<String> arguments, Map<String, String> environment) {
        EtcdctlOptions options = new EtcdctlOptions();
        List<String> left = new ArrayList<>(arguments);
        while (!left.isEmpty()) {
            String word = left.remove(0);
            if (word.equals("--")) {
                options.words.addAll(left);
                left.clear();
            } else if (word.startsWith("--")) {
                options.flag(word.substring(2), left);
            } else if (word.startsWith("-w")) {
                String value = word.substring(2).replaceFirst("^=", "");
                options.flags.put("write-out", value.isEmpty() ? next("-w", left) : value);
            } else if (word.startsWith("-") && word.length() > 1) {
                throw new Failure(1, "unknown shorthand flag: '" + word.charAt(1) + "' in " + word);
            } else {
                options.words.add(word);
            }
        }
        options.add(environment);
        return options;
    }

    private void flag(String text, List<String> left) {
        String[] sides = text.split("=", 2);
        if (SWITCHES.contains(sides[0])) {
            flags.put(sides[0], sides.length == 2 ? sides[1] : "true");
        } else if (WITH_VALUE.contains(sides[0])) {
            flags.put(sides[0], sides.length == 2 ? sides[1] : next("--" + sides[0], left));
        } else {
            throw new Failure(1, "unknown flag: --" + sides[0]);
        }
    }

    private static String next(String flag, List<String> left) {
        if (left.isEmpty()) {
            throw new Failure(1, "flag needs an argument: " + flag);
        }
        return left.remove(0);
    }

    /** Variables stand for flags; etcdctl refuses to have both. */
    private void add(Map<String, String> environment) {
        for (String flag : FROM_ENVIRONMENT) {
            String variable = "ETCDCTL_" + flag.toUpperCase(Locale.ROOT).replace('-', '_');
            String value = environment.getOrDefault(variable, "");
            if (!value.isEmpty() && flags.containsKey(flag)) {
                throw new Failure(
                        1,
                        "conflicting environment variable is shadowed by corresponding command-line flag (either unset"
                                + " environment variable or disable flag)): " + variable);
            }
            if (!value.isEmpty()) {
                flags.put(flag, value);
            }
        }
    }

    List<String> words() {
        return words;
    }

    boolean is(String flag) {
        return flags.getOrDefault(flag, "false").equals("true");
    }

    String value(String flag, String otherwise) {
        return flags.getOrDefault(flag, otherwise);
    }

    List<String> endpoints() {
        return List.of(value("endpoints", "127.0.0.1:2379").split(","));
    }

    /** Name and password, as one text; empty without any. */
    String login() {
        String password = value("password", "");
        return value("user", "") + (password.isEmpty() ? "" : ":" + password);
    }

    boolean usesTls() {
        return is("insecure-skip-tls-verify")
                || !value("cacert", "").isEmpty()
                || endpoints().stream().anyMatch(endpoint -> endpoint.startsWith("https://"));
    }

    /** The program ends with a complaint. */
    static final class Failure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int exitCode;
        private final String stderr;

        Failure(int exitCode, String message) {
            this(exitCode, message, "");
        }

        /** @param before what stands on the error stream before the message */
        Failure(int exitCode, String message, String before) {
            super(message, null, false, false);
            this.exitCode = exitCode;
            this.stderr = before + "Error: " + message + "\n";
        }

        int exitCode() {
            return exitCode;
        }

        String stderr() {
            return stderr;
        }
    }
}
