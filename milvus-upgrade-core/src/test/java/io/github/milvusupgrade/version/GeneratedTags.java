package io.github.milvusupgrade.version;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Tags that name a version, from few enough numbers that many of them collide. The same seed gives the same tags. */
final class GeneratedTags {

    private static final List<String> STAGES =
            List.of("", "", "", "-dev", "-alpha", "-beta", "-beta1", "-rc1", "-rc2", "-rc.2", "-rc10", "-pre-ga");
    private static final List<String> ENDS = List.of(
            "",
            "",
            "-gpu",
            "-debug",
            "-gpu-debug",
            "-arm64",
            "-hotfix",
            "-hotfix1-20210901-9e0b2cc",
            "-20230625-c6e4b69b");

    private final Random random;

    GeneratedTags(long seed) {
        random = new Random(seed);
    }

    Stream<String> stream(int count) {
        return Stream.generate(this::next).limit(count);
    }

    private String next() {
        return (random.nextBoolean() ? "v" : "") + (2 + random.nextInt(2)) + "." + random.nextInt(4) + "."
                + random.nextInt(12) + STAGES.get(random.nextInt(STAGES.size()))
                + ENDS.get(random.nextInt(ENDS.size()));
    }
}
