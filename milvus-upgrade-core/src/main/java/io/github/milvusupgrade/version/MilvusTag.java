package io.github.milvusupgrade.version;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image tag taken apart. The tags that Milvus has published decide the grammar: numbers, then a stage before the
 * release, then in any order variants, a hotfix, and a build of a date and a commit.
 *
 * @param version the release the tag names
 * @param prefixed whether the tag begins with {@code v}
 * @param variants what the image is built for, such as {@code gpu}, in the order of the tag
 * @param dated whether the tag names one build by its date
 */
record MilvusTag(MilvusVersion version, boolean prefixed, List<String> variants, boolean dated) {

    private static final Pattern VARIANT = Pattern.compile("gpu|debug|amd64|arm64");
    private static final Pattern BUILD = Pattern.compile("-\\d{8}(?:-[0-9a-f]{7,40})?(?=-|$)");
    private static final Pattern HOTFIX = Pattern.compile("hotfix\\d*");
    private static final Pattern BRANCH = Pattern.compile("(?:master|v?\\d+\\.\\d+)(?:-\\d{8}.*)?");
    private static final String NUMBER = "0|[1-9]\\d{0,5}";
    private static final Pattern RELEASE = Pattern.compile("(?<v>v?)(?<major>" + NUMBER + ")\\.(?<minor>" + NUMBER
            + ")(?:\\.(?<patch>" + NUMBER + "))?"
            + "(?:-(?<stage>dev|alpha|beta|rc|pre-ga)\\.?(?<number>" + NUMBER + ")?(?=-|$))?(?<rest>(?:-.*)?)");

    static MilvusTag parse(String tag) {
        Matcher release = RELEASE.matcher(tag);
        if (!release.matches() || (release.group("patch") == null && release.group("stage") == null)) {
            throw unusable(tag, whyNoRelease(tag));
        }
        String stage = release.group("stage");
        boolean dated = BUILD.matcher(release.group("rest")).find();
        List<String> variants = new ArrayList<>();
        for (String suffix : suffixes(BUILD.matcher(release.group("rest")).replaceFirst(""))) {
            if (VARIANT.matcher(suffix).matches()) {
                variants.add(suffix);
            } else if (!HOTFIX.matcher(suffix).matches()) {
                throw unusable(tag, "nothing that Milvus publishes ends with \"" + suffix + "\".");
            }
        }
        MilvusVersion version = new MilvusVersion(
                number(release.group("major")),
                number(release.group("minor")),
                number(release.group("patch")),
                stage == null ? null : new PreRelease(PreRelease.Stage.of(stage), number(release.group("number"))));
        return new MilvusTag(version, !release.group("v").isEmpty(), List.copyOf(variants), dated);
    }

    static Optional<MilvusTag> find(String tag) {
        try {
            return Optional.of(parse(tag));
        } catch (IllegalArgumentException namesNoRelease) {
            return Optional.empty();
        }
    }

    /**
     * Which variant an image is matters even where its tag names no release: a CPU image on a GPU node is another
     * product.
     */
    static List<String> variantsOf(String tag) {
        return suffixes(tag).stream()
                .filter(suffix -> VARIANT.matcher(suffix).matches())
                .toList();
    }

    private static List<String> suffixes(String text) {
        return Pattern.compile("-")
                .splitAsStream(text)
                .filter(s -> !s.isEmpty())
                .toList();
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static String whyNoRelease(String tag) {
        if (tag.isBlank()) {
            return "it is empty.";
        }
        if (tag.equals("latest")) {
            return "a floating tag names no release.";
        }
        if (BRANCH.matcher(tag).matches()) {
            return tag.contains("-") || tag.equals("master")
                    ? "a build of a branch names no release."
                    : "it names a line of releases, not a release.";
        }
        return "a release has three numbers.";
    }

    private static IllegalArgumentException unusable(String tag, String why) {
        return new IllegalArgumentException(
                "Not a Milvus version: \"" + tag + "\": " + why + " State the version, such as 2.2.16.");
    }
}
