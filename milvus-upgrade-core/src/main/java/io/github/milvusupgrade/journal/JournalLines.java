package io.github.milvusupgrade.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;

/** How headers and entries are written as single lines of JSON, for journals that store text. */
public final class JournalLines {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JournalLines() {}

    /** A header or an entry as one line. */
    public static String write(Record value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Headers and entries can always be written as JSON.", e);
        }
    }

    /**
     * A header or an entry from its line.
     *
     * @param where what is being read, for the message
     * @throws UpgradeException with {@link Code#JOURNAL_UNREADABLE} if it is none, or of a newer release
     */
    public static <T extends Record> T read(String line, Class<T> type, String where) {
        try {
            T value = JSON.readerFor(type).readValue(line);
            if (value == null) {
                throw new UpgradeException(Code.JOURNAL_UNREADABLE, unreadable(where, "a line says null"));
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new UpgradeException(Code.JOURNAL_UNREADABLE, unreadable(where, e.getOriginalMessage()), e);
        }
    }

    private static String unreadable(String where, String why) {
        return "Cannot read the journal in " + where + ": it is damaged or was written by a newer release (" + why
                + "). Use the release that wrote it; if it is damaged, compare the instance with the plan by hand and"
                + " remove it.";
    }
}
