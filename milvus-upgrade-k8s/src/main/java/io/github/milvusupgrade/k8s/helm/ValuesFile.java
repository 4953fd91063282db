package io.github.milvusupgrade.k8s.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Values as the text of a file for Helm. It is JSON, which is YAML too, and leaves nothing to be guessed: a text such
 * as {@code "2.20"}, {@code "on"} or {@code "0644"} stays one, as a key and as a value.
 */
final class ValuesFile {

    private static final ObjectMapper MAPPER = mapper();

    private ValuesFile() {}

    static String textOf(ObjectNode values) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a tree of values could not be written as JSON", e);
        }
    }

    private static ObjectMapper mapper() {
        JsonMapper mapper = JsonMapper.builder().build();
        mapper.getFactory().setCharacterEscapes(new YamlEscapes());
        return mapper;
    }

    /** Characters that JSON allows as they are, but YAML forbids or takes for the end of a line. */
    private static final class YamlEscapes extends CharacterEscapes {

        private static final long serialVersionUID = 1L;
        private static final int FIRST_PRINTABLE = 0xA0;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = standardAsciiEscapesForJSON();
            codes[0x7F] = ESCAPE_STANDARD;
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            boolean unsafe = character < FIRST_PRINTABLE
                    || character == '\u2028'
                    || character == '\u2029'
                    || character == '\uFEFF'
                    || character >= '\uFFFE' && character <= '\uFFFF';
            return unsafe ? new SerializedString("\\u%04x".formatted(character)) : null;
        }
    }
}
