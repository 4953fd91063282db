package io.github.milvusupgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether what the documents point at is there: files, headings, tests, and the packages with what they use. */
class DocumentationLinksTest {

    private static final Path REPOSITORY = Path.of("..");
    private static final String ROOT = "io.github.milvusupgrade";

    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*[a-z](?:Test|IT|Contract))(?:#(\\w+))?`");
    private static final Pattern CODE_SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?" + Pattern.quote(ROOT) + "((?:\\.[a-z0-9]+)*)\\.[A-Z]");

    /** The test sources of all modules by class. */
    private static final Map<String, String> TESTS = tests();

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void everyLinkLeadsSomewhere(Path document) {
        String text = CODE_BLOCK.matcher(read(document)).replaceAll("");

        assertThat(LINK.matcher(text).results().map(link -> link.group(1)).filter(DocumentationLinksTest::isOurs))
                .allSatisfy(link -> assertLeadsSomewhere(document, link));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void everyTestThatIsNamedExists(Path document) {
        assertThat(TEST.matcher(read(document))
                        .results()
                        .filter(name -> !exists(name.group(1), name.group(2)))
                        .map(MatchResult::group))
                .as("tests that %s names and nobody wrote", document)
                .isEmpty();
    }

    private static boolean exists(String type, @Nullable String method) {
        return TESTS.containsKey(type) && (method == null || TESTS.get(type).contains("void " + method + "("));
    }

    @ParameterizedTest(name = "milvus-upgrade-{0}")
    @ValueSource(strings = {"core", "k8s"})
    void thePackageTableNamesEveryPackageAndAllThatItUses(String module) {
        Map<String, Set<String>> found = packages(module);
        Map<String, Set<String>> table = tableOf(module);

        assertThat(table.keySet()).containsExactlyInAnyOrderElementsOf(found.keySet());
        found.forEach((name, used) -> assertThat(used)
                .as("%s uses only what its row names", name)
                .allMatch(other ->
                        table.get(name).contains("all") || table.get(name).contains(other)));
    }

    private static void assertLeadsSomewhere(Path document, String link) {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
        assertThat(target).as("%s links to %s", document, link).exists();
        if (hash >= 0) {
            assertThat(anchors(target)).as("headings of %s", target).contains(link.substring(hash + 1));
        }
    }

    private static boolean isOurs(String link) {
        return !link.startsWith("http://") && !link.startsWith("https://");
    }

    /** As GitHub makes them from headings. */
    private static List<String> anchors(Path document) {
        return HEADING.matcher(CODE_BLOCK.matcher(read(document)).replaceAll(""))
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
                .map(text -> text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }

    /** The rows below the heading of a module: package, idea, what it may use. */
    private static Map<String, Set<String>> tableOf(String module) {
        String text = read(REPOSITORY.resolve("ARCHITECTURE.md"));
        int begin = text.indexOf("### milvus-upgrade-" + module);
        String section = text.substring(begin, text.indexOf("\n##", begin + 1));
        Map<String, Set<String>> table = new TreeMap<>();
        section.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            String[] cells = line.split("\\|");
            Set<String> used = spans(cells[3]).collect(Collectors.toCollection(TreeSet::new));
            if (cells[3].strip().equals("all")) {
                used.add("all");
            }
            table.put(spans(cells[1]).findFirst().orElseThrow(), used);
        });
        return table;
    }

    private static Stream<String> spans(String cell) {
        return CODE_SPAN.matcher(cell).results().map(span -> span.group(1));
    }

    /** Every package of a module by its last name, with the last names of the others that it imports from. */
    private static Map<String, Set<String>> packages(String module) {
        String root = module.equals("core") ? "" : "." + module;
        Path sources = REPOSITORY
                .resolve("milvus-upgrade-" + module)
                .resolve("src/main/java")
                .resolve((ROOT + root).replace('.', '/'));
        Map<String, Set<String>> packages = new TreeMap<>();
        for (Path file : files(sources, path -> path.toString().endsWith(".java"))) {
            String own = shortName(sources.relativize(file.getParent()).toString());
            Set<String> used = packages.computeIfAbsent(own, name -> new TreeSet<>());
            IMPORT.matcher(read(file))
                    .results()
                    .map(found -> found.group(1))
                    .map(name -> name.startsWith(root) ? name.substring(root.length()) : name)
                    .map(name -> shortName(name.replaceFirst("^\\.", "")))
                    .filter(name -> !name.equals(own))
                    .forEach(used::add);
        }
        return packages;
    }

    private static String shortName(String name) {
        return name.isEmpty() ? "(root)" : name;
    }

    private static Map<String, String> tests() {
        Map<String, String> tests = new TreeMap<>();
        for (Path file : files(
                REPOSITORY,
                path -> path.toString().contains("/src/test/java/")
                        && path.toString().endsWith(".java"))) {
            tests.put(file.getFileName().toString().replace(".java", ""), read(file));
        }
        return Map.copyOf(tests);
    }

    static Stream<Path> documents() {
        return files(REPOSITORY, path -> path.toString().endsWith(".md")).stream();
    }

    private static List<Path> files(Path directory, Predicate<Path> wanted) {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory).sorted()) {
            entries.forEach(entry -> {
                String name = entry.getFileName().toString();
                if (Files.isDirectory(entry) && !name.startsWith(".") && !name.equals("target")) {
                    found.addAll(files(entry, wanted));
                } else if (wanted.test(entry)) {
                    found.add(entry);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
