package io.github.milvusupgrade.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Java in documents is compiled: each marked block is a region of these sources, word for word. */
class DocumentsTest {

    private static final Path README = Path.of("..", "README.md");
    private static final Path DOCUMENTS = Path.of("..", "docs");
    private static final Path SOURCES = Path.of("src", "main", "java");

    private static final Pattern BLOCK =
            Pattern.compile("(?m)(?:^<!-- example: (\\S+) -->\\R)?^```java\\R(.*?)^```$", Pattern.DOTALL);
    private static final Pattern REGION =
            Pattern.compile("(?m)^ *// tag::(\\S+)\\[]\\R(.*?)\\R *// end::\\1\\[]$", Pattern.DOTALL);

    @ParameterizedTest
    @MethodSource("documents")
    void everyMarkedBlockIsTheRegionOfItsName(Path document) throws IOException {
        Map<String, String> blocks = blocks(document);
        Map<String, String> regions = regions();
        assertThat(regions.keySet()).containsAll(blocks.keySet());
        blocks.forEach((name, text) -> assertThat(text).as(name).isEqualTo(regions.get(name)));
    }

    @Test
    void theFirstTenLinesAreShownAndAreNoMore() throws IOException {
        assertThat(blocks(README)).containsKey("first-ten-lines");
        assertThat(regions().get("first-ten-lines").lines()).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void noBlockOfJavaInTheReadmeIsUnmarked() throws IOException {
        assertThat(BLOCK.matcher(Files.readString(README)).results())
                .allSatisfy(
                        block -> assertThat(block.group(1)).as(block.group()).isNotNull());
    }

    private static Stream<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(DOCUMENTS)) {
            List<Path> documents =
                    files.filter(file -> file.toString().endsWith(".md")).toList();
            return Stream.concat(Stream.of(README), documents.stream());
        }
    }

    private static Map<String, String> blocks(Path document) throws IOException {
        Map<String, String> blocks = new TreeMap<>();
        Matcher matcher = BLOCK.matcher(Files.readString(document));
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                blocks.put(matcher.group(1), matcher.group(2));
            }
        }
        return blocks;
    }

    private static Map<String, String> regions() throws IOException {
        Map<String, String> regions = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                Matcher matcher = REGION.matcher(Files.readString(file));
                while (matcher.find()) {
                    assertThat(regions.put(matcher.group(1), matcher.group(2).stripIndent() + "\n"))
                            .as("region %s, which two places claim", matcher.group(1))
                            .isNull();
                }
            }
        }
        return regions;
    }
}
