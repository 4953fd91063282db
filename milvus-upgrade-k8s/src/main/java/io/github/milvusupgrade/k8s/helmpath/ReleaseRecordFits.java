package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.release.ReleaseSize;

/** P20: the record of the new revision fits into a Secret. */
record ReleaseRecordFits(ReleaseHop release) implements Check {

    @Override
    public String id() {
        return "P20";
    }

    @Override
    public String title() {
        return "the record of the revision fits into a Secret";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        ReleaseChange change = release.from(release.base().revision());
        ReleaseSize size = change.size();
        if (!size.fits()) {
            return Finding.fail(
                    id(),
                    "the record of the revision takes " + size + ": Helm could not begin.",
                    "Take out of the values what is large, such as files in extraConfigFiles.");
        }
        return size.isNearLimit()
                ? Finding.warn(id(), "the record of the revision takes " + size + ".", "Keep the values small.")
                : Finding.pass(id(), "the record of the revision takes " + size);
    }
}
