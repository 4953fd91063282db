package io.github.milvusupgrade.k8s.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Texts as people write them into {@code user.yaml}, from a seed: comments and blank lines anywhere, block and flow
 * style, all kinds of quotes, block scalars, empty sections, indented as a whole, with any line end, with or without
 * the last one.
 */
final class RandomYaml {

    private static final List<String> SECTIONS = List.of("rootCoord", "dataCoord", "queryCoord", "log");
    private static final List<String> SWITCHES = List.of("enableActiveStandby", "level");
    private static final List<String> OTHER_KEYS =
            List.of("proxy", "etcd", "'quoted key'", "\"double\"", "7", "true", "\u00e4\ud83d\ude00", "with space");
    private static final List<String> SCALARS = List.of(
            "true",
            "false",
            "53100",
            "by-dev",
            "'it''s # no comment'",
            "\"a: \\\"b\\\"\"",
            "a#b",
            "x y",
            "''",
            "1.50",
            "!!str 7",
            "\"two\\\n    lines\"",
            "plain\n      continued",
            "http://h:1/p?q=[1]",
            "-1",
            "&unused v",
            "\u4f60\ud83d\ude00");

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private final int step;

    private RandomYaml(long seed) {
        random = new Random(seed);
        step = pick(List.of(1, 2, 2, 2, 3, 4));
    }

    static String text(long seed) {
        return new RandomYaml(seed).document();
    }

    private String document() {
        if (oneIn(10)) {
            text.append(pick(List.of("---\n", "%YAML 1.1\n---\n", "--- # start\n", "# head\n---\n")));
        }
        noise(0);
        int root = random.nextInt(12);
        switch (root) {
            case 0 -> noise(2);
            case 1 -> text.append(flowMapping(keys(), 0)).append(pick(List.of("", "\n", " # end\n")));
            default -> blockMapping(pick(List.of(0, 0, 0, 2, 3)), keys(), 0);
        }
        noise(0);
        if (root > 0 && oneIn(15)) {
            endLine();
            text.append("...\n# behind the end\n");
        }
        while (oneIn(3) && !text.isEmpty() && text.charAt(text.length() - 1) == '\n') {
            text.setLength(text.length() - 1);
        }
        String document = (oneIn(20) ? "\uFEFF" : "") + text;
        return oneIn(4) ? document.replace("\n", "\r\n") : document;
    }

    private void blockMapping(int indent, List<String> keys, int depth) {
        for (String key : keys) {
            noise(indent);
            line(indent, key + pick(List.of(":", ":", ":", " :")));
            blockValue(indent, key, depth);
        }
    }

    private void blockValue(int indent, String key, int depth) {
        boolean section = SECTIONS.contains(key) && depth == 0;
        int kind = section ? random.nextInt(5) : SWITCHES.contains(key) ? 8 : 3 + random.nextInt(6);
        if (kind < 3 && depth < 3 || kind == 5 && depth < 3) {
            if (oneIn(12)) {
                text.append(" &").append("anchor").append(text.length());
            }
            comment();
            text.append('\n');
            blockMapping(indent + step, section ? sectionKeys() : keys(), depth + 1);
            return;
        }
        switch (kind) {
            case 3 -> text.append(' ').append(flowMapping(section ? sectionKeys() : keys(), depth + 1));
            case 4 -> text.append(pick(List.of("", " ~", " null", "  ", " !!null ~")));
            case 6 -> blockScalar(indent);
            case 7 -> blockSequence(indent);
            default ->
                text.append(pick(List.of(" ", "   ")))
                        .append(pick(SCALARS).replace("\n  ", "\n  " + " ".repeat(indent)));
        }
        if (kind == 6 || kind == 7) {
            return;
        }
        comment();
        text.append('\n');
    }

    private void blockScalar(int indent) {
        text.append(' ').append(pick(List.of("|", ">", "|-", ">-", "|+", ">+")));
        comment();
        text.append('\n');
        int lines = random.nextInt(4);
        for (int i = 0; i < lines; i++) {
            int extra = i == 0 ? 0 : random.nextInt(3);
            line(indent + 1 + extra, pick(List.of("text", "# no comment", "rootCoord: {a: 1}", "- x", "'")));
            text.append(pick(List.of("\n", "\n", "\n\n", "  \n")));
        }
    }

    private void blockSequence(int indent) {
        text.append('\n');
        int items = 1 + random.nextInt(3);
        for (int i = 0; i < items; i++) {
            noise(indent);
            line(
                    indent + step,
                    pick(List.of("- one", "- [a, b]", "- a: 1\n" + " ".repeat(indent + step) + "  b: 2", "- 'x'")));
            text.append('\n');
        }
    }

    private String flowMapping(List<String> keys, int depth) {
        if (oneIn(4)) {
            return pick(List.of("{}", "{ }"));
        }
        String space = pick(List.of("", " "));
        List<String> entries = new ArrayList<>();
        for (String key : keys) {
            boolean section = SECTIONS.contains(key) && depth == 0;
            String value = SWITCHES.contains(key)
                    ? pick(List.of("true", "'false'", "~", "", "no"))
                    : section || depth < 2 && oneIn(3)
                            ? flowMapping(section ? sectionKeys() : keys(), depth + 1)
                            : pick(List.of("1", "'q, r'", "\"}\"", "[1, {a: b}]", "~", "", "word"));
            entries.add(key + ": " + value);
        }
        return "{" + space + String.join(pick(List.of(", ", ",", " , ", ",\n          ")), entries) + space + "}";
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>(OTHER_KEYS);
        keys.addAll(SECTIONS);
        Collections.shuffle(keys, random);
        return keys.subList(0, 1 + random.nextInt(5));
    }

    private List<String> sectionKeys() {
        List<String> keys = new ArrayList<>(List.of("port", "enableActiveStandby", "level", "grpc", "\"enableX\""));
        Collections.shuffle(keys, random);
        return keys.subList(0, 1 + random.nextInt(4));
    }

    private void noise(int indent) {
        while (oneIn(4)) {
            endLine();
            text.append(pick(
                    List.of("\n", "# comment: {a: 'b\n", " ".repeat(indent) + "# same\n", "     # deeper\n", "\n\n")));
        }
    }

    private void comment() {
        if (oneIn(4)) {
            text.append(pick(List.of(" # why", "   # rootCoord: x", " #")));
        }
    }

    private void line(int indent, String content) {
        endLine();
        text.append(" ".repeat(indent)).append(content);
    }

    private void endLine() {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
        }
    }

    private boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
