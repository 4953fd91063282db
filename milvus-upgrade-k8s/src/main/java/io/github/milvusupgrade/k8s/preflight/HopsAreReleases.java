package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.path.UpgradePath;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The path leads from release to release: what a release candidate writes, no release has promised to read. */
record HopsAreReleases(UpgradePlan plan) implements Check {

    @Override
    public String id() {
        return "P06";
    }

    @Override
    public String title() {
        return "the path leads from release to release";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        UpgradePath path = plan.path();
        List<String> unreleased = Stream.concat(
                        Stream.of(path.from()), path.hops().stream().map(Hop::to))
                .filter(MilvusVersion::isPreRelease)
                .map(MilvusVersion::toString)
                .toList();
        if (!unreleased.isEmpty()) {
            return Finding.fail(
                    id(),
                    "The path " + path + " touches what came before a release: " + String.join(", ", unreleased) + ".",
                    "Choose a release, or waive P06 for an instance whose data may be lost.");
        }
        Optional<ImageReference> nameless =
                plan.image().filter(image -> image.version().isEmpty());
        return nameless.isPresent()
                ? Finding.warn(
                        id(),
                        "The image " + nameless.get() + " names no release, so nobody can see that it is " + path.to()
                                + ".",
                        "Make sure that it is, or use a tag that says so.")
                : Finding.pass(
                        id(), path.hops().size() + (path.hops().size() == 1 ? " hop: " : " hops: ") + path + ".");
    }
}
