package io.github.milvusupgrade.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorsDocumentTest {

    static final String REGENERATE =
            "./mvnw -pl milvus-upgrade-core test -Dtest=ErrorsDocumentTest -Dmilvusupgrade.regenerate=true";

    private static final Path DOCUMENT = Path.of("..", "docs", "errors.md");

    @Test
    void theDocumentSaysWhatTheCodesSay() throws IOException {
        String written = ErrorsDocument.write();
        if (Boolean.getBoolean("milvusupgrade.regenerate")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, written);
        }

        assertThat(DOCUMENT)
                .as("docs/errors.md is generated from the codes. To write it again: %s", REGENERATE)
                .content()
                .isEqualTo(written);
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeHasAHeadingItsMeaningAndSomethingToDo(Code code) {
        assertThat(ErrorsDocument.write())
                .containsOnlyOnce("### " + code.id() + " " + code.name() + "\n\n" + code.meaning() + "\n\n");
        assertThat(ErrorsDocument.remedy(code)).hasSizeGreaterThan(80).endsWith(".");
    }
}
