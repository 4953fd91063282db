package io.github.milvusupgrade.k8s.chart;

/**
 * What an archive, with all archives in it, may unfold to: Helm's own limits of 100 MiB for a chart and 5 MiB for a
 * file of it (helm/helm:pkg/chart/loader/archive/archive.go). Used by one thread.
 */
final class Budget {

    private static final long ARCHIVE = 100L << 20;
    private static final long FILE = 5L << 20;

    private long left = ARCHIVE;

    void take(long bytes) throws TarGzip.MalformedException {
        if (bytes > FILE) {
            throw new TarGzip.MalformedException("a file in it has more than " + (FILE >> 20) + " MiB");
        }
        left -= bytes;
        if (left < 0) {
            throw new TarGzip.MalformedException("unpacked it has more than " + (ARCHIVE >> 20) + " MiB");
        }
    }
}
