package io.github.milvusupgrade.k8s.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was done to one setting, and all that is needed to take it back from whatever the text is then. It holds nothing
 * of the text but the setting itself, so it can be journaled although the text cannot.
 */
public final class Change {

    private static final String NAME = "name";
    private static final String VALUE = "value";
    private static final String PREVIOUS = "previous";
    private static final String CREATED_SECTIONS = "createdSections";
    private static final String EMPTY_SECTION = "emptySection";

    private final KeyPath path;
    private final String source;
    private final @Nullable String previousSource;
    private final int createdSections;
    private final @Nullable String emptySection;

    private Change(
            KeyPath path,
            String source,
            @Nullable String previousSource,
            int createdSections,
            @Nullable String emptySection) {
        this.path = path;
        this.source = source;
        this.previousSource = previousSource;
        this.createdSections = createdSections;
        this.emptySection = emptySection;
    }

    static Change replaced(KeyPath path, String previousSource, String source) {
        return new Change(path, source, previousSource, 0, null);
    }

    static Change added(KeyPath path, String source, int createdSections) {
        return new Change(path, source, null, createdSections, null);
    }

    /** @param nullSource how the section said that it is empty: {@code ~}, {@code null} or nothing at all */
    static Change addedToEmpty(KeyPath path, String source, int createdSections, String nullSource) {
        return new Change(path, source, null, createdSections, nullSource);
    }

    /** The setting's name, its keys spelled as in the text. */
    public String name() {
        return path.text();
    }

    /** The value set, written as YAML. */
    public String value() {
        return source;
    }

    /** The value replaced, written as YAML with its quotes; {@code ""} if the key stood there without one. */
    public Optional<String> previous() {
        return Optional.ofNullable(previousSource);
    }

    KeyPath path() {
        return path;
    }

    /** How many of the sections around the key did not exist before, counted from the inside. */
    int createdSections() {
        return createdSections;
    }

    /** How the innermost section that did exist said that it is empty, if it was. */
    Optional<String> emptySection() {
        return Optional.ofNullable(emptySection);
    }

    /** For the journal; {@link #fromMap} is the way back. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(NAME, path.text());
        map.put(VALUE, source);
        previous().ifPresent(previous -> map.put(PREVIOUS, previous));
        map.put(CREATED_SECTIONS, Integer.toString(createdSections));
        emptySection().ifPresent(nullSource -> map.put(EMPTY_SECTION, nullSource));
        return map;
    }

    /**
     * The change that a journal holds.
     *
     * @throws IllegalArgumentException if the map was not made by {@link #toMap}
     */
    public static Change fromMap(Map<String, String> map) {
        try {
            return new Change(
                    new KeyPath(required(map, NAME)),
                    required(map, VALUE),
                    map.get(PREVIOUS),
                    Integer.parseInt(required(map, CREATED_SECTIONS)),
                    map.get(EMPTY_SECTION));
        } catch (NumberFormatException e) {
            throw unreadable(CREATED_SECTIONS, "is no number");
        }
    }

    private static String required(Map<String, String> map, String key) {
        String value = map.get(key);
        if (value == null) {
            throw unreadable(key, "is missing");
        }
        return value;
    }

    private static IllegalArgumentException unreadable(String key, String reason) {
        return new IllegalArgumentException("A recorded configuration change cannot be read: '" + key + "' " + reason
                + ". Take the change back by hand.");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Change change && toMap().equals(change.toMap());
    }

    @Override
    public int hashCode() {
        return toMap().hashCode();
    }

    /** For people: {@code rootCoord.enableActiveStandby: false -> true}. */
    @Override
    public String toString() {
        return name() + ": "
                + previous().map(was -> was.isEmpty() ? "(empty)" : was).orElse("(absent)") + " -> " + source;
    }
}
