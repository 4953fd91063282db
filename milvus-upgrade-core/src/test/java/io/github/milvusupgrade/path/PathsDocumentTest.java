package io.github.milvusupgrade.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PathsDocumentTest {

    static final String REGENERATE =
            "./mvnw -pl milvus-upgrade-core test -Dtest=PathsDocumentTest -Dmilvusupgrade.regenerate=true";

    private static final Path DOCUMENT = Path.of("..", "docs", "paths.md");

    @Test
    void theDocumentSaysWhatTheRulesSay() throws IOException {
        String written = PathsDocument.write();
        if (Boolean.getBoolean("milvusupgrade.regenerate")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, written);
        }

        assertThat(DOCUMENT)
                .as("docs/paths.md is generated from the rules. To write it again: %s", REGENERATE)
                .content()
                .isEqualTo(written);
    }
}
