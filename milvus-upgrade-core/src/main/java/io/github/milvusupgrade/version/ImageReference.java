package io.github.milvusupgrade.version;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A container image as a pod template names it, taken apart: {@code registry/repository:tag@digest}. Made by
 * {@link #parse}; {@link #toString} gives back what was parsed, to the letter. Nothing is filled in: where no registry
 * is named, none is assumed.
 *
 * @param registry the host, with its port if it names one, such as {@code harbor.milvus.io} or
 *     {@code registry.local:5000}
 * @param repository the path below the registry, such as {@code milvusdb/milvus}
 * @param tag what follows the last colon, such as {@code v2.2.16}
 * @param digest the content, such as {@code sha256:…}; where there is one a container runtime ignores the tag
 */
public record ImageReference(
        Optional<String> registry, String repository, Optional<String> tag, Optional<String> digest) {

    private static final String EXAMPLE = " Write it like milvusdb/milvus:v2.2.16.";
    private static final Pattern HOST = Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9A-Fa-f:]+\\])(?::\\d+)?");
    private static final Pattern PATH_PART = Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("[A-Za-z0-9]+(?:[-_+.][A-Za-z0-9]+)*:[0-9a-fA-F]{32,}");
    private static final Pattern SHAPE = Pattern.compile("(?<name>[^@]*?)(?::(?<tag>[^:/@]*))?(?:@(?<digest>.*))?");

    /** Refuse what no container runtime would accept. */
    public ImageReference {
        registry.ifPresent(host -> demand(HOST, host, "its registry \"" + host + "\" is not a host"));
        for (String part : repository.split("/", -1)) {
            demand(PATH_PART, part, "its repository \"" + repository + "\" is not a path of lower-case names");
        }
        tag.ifPresent(text -> demand(TAG, text, "its tag \"" + text + "\" is not a tag"));
        digest.ifPresent(text -> demand(DIGEST, text, "its digest \"" + text + "\" is not a digest"));
    }

    /**
     * Take an image apart. The first part of the path is a registry if it holds a dot or a colon or is
     * {@code localhost}; container runtimes decide it the same way.
     *
     * @throws IllegalArgumentException with the text and the reason, if it is not an image
     */
    @JsonCreator
    public static ImageReference parse(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (text.isBlank() || !shape.matches()) {
            throw new IllegalArgumentException("Not an image: \"" + text + "\": it names no repository." + EXAMPLE);
        }
        String name = shape.group("name");
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean hosted = first.contains(".") || first.contains(":") || first.equals("localhost");
        try {
            return new ImageReference(
                    hosted ? Optional.of(first) : Optional.empty(),
                    hosted ? name.substring(slash + 1) : name,
                    Optional.ofNullable(shape.group("tag")),
                    Optional.ofNullable(shape.group("digest")));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "Not an image: \"" + text + "\": " + malformed.getMessage() + EXAMPLE, malformed);
        }
    }

    /**
     * The Milvus version that the tag names. Empty where there is no tag, or one that names no release. A digest cannot
     * be read; where both are given the tag is believed, because that is what whoever wrote it believed.
     */
    public Optional<MilvusVersion> version() {
        return tag.flatMap(MilvusVersion::fromTag);
    }

    /**
     * The image of another version of the same product: same registry, repository and variant ({@code -gpu},
     * {@code -amd64}, …); the digest, the build and a hotfix are dropped, as they belong to the old version. The tag
     * begins with {@code v}, as Milvus' own releases do, unless the present one is that of a release without it; dated
     * builds are published without {@code v} even where releases have it, so they show no habit.
     */
    public ImageReference withVersion(MilvusVersion version) {
        boolean bare = tag.flatMap(MilvusTag::find)
                .filter(parsed -> !parsed.prefixed() && !parsed.dated())
                .isPresent();
        List<String> variants = tag.map(MilvusTag::variantsOf).orElse(List.of());
        StringBuilder newTag = new StringBuilder(bare ? "" : "v").append(version);
        variants.forEach(variant -> newTag.append('-').append(variant));
        return new ImageReference(registry, repository, Optional.of(newTag.toString()), Optional.empty());
    }

    @JsonValue
    @Override
    public String toString() {
        return registry.map(host -> host + "/").orElse("")
                + repository
                + tag.map(text -> ":" + text).orElse("")
                + digest.map(text -> "@" + text).orElse("");
    }

    private static void demand(Pattern pattern, String text, String otherwise) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(otherwise + ".");
        }
    }
}
