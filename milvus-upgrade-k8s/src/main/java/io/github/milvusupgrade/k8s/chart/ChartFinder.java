package io.github.milvusupgrade.k8s.chart;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds the chart for a Milvus version: the newest that was made for it, and for versions without a chart of their own,
 * such as 2.2.15 and 2.2.16, the newest of their line with another image tag (zilliztech/milvus-helm#106). Knows the
 * versions of one moment. Immutable.
 */
public final class ChartFinder {

    /** The chart of the official repositories. */
    public static final String MILVUS = "milvus";

    private static final String TABLE = "the table of this library";

    private final String source;
    /** What a reader of each answer must know about the source: nothing, or a sentence that begins with a space. */
    private final String remark;

    private final List<ChartVersion> charts;
    private final boolean preReleases;

    private ChartFinder(String source, String remark, List<ChartVersion> charts, boolean preReleases) {
        this.source = source;
        this.remark = remark;
        this.charts = charts;
        this.preReleases = preReleases;
    }

    /**
     * Looks at what a repository holds now.
     *
     * @throws UpgradeException as {@link ChartRepository#versions}
     */
    public static ChartFinder in(ChartRepository repository) {
        return of(repository.location(), repository.versions(MILVUS));
    }

    /** Looks at what the library knows without a network. The charts that it finds have no address to fetch from. */
    public static ChartFinder pinned() {
        return of(TABLE, PinnedCharts.versions());
    }

    /**
     * Looks at what a repository holds now, or at {@link #pinned} if it cannot be reached; each answer then says why.
     * For a plan that is made where the repository is not: to carry it out, the chart must be fetched.
     *
     * @throws UpgradeException {@link Code#CHART_UNUSABLE} if it answers, but not as a repository does
     */
    public static ChartFinder inOrPinned(ChartRepository repository) {
        try {
            return in(repository);
        } catch (UpgradeException e) {
            if (e.code() != Code.CHART_UNAVAILABLE) {
                throw e;
            }
            return of(TABLE, " The repository could not be asked: " + e.getMessage(), PinnedCharts.versions());
        }
    }

    static ChartFinder of(String source, List<ChartVersion> charts) {
        return of(source, archived(source), charts);
    }

    private static ChartFinder of(String source, String remark, List<ChartVersion> charts) {
        List<ChartVersion> newestFirst =
                charts.stream().sorted(ChartVersion.NEWEST_FIRST).toList();
        return new ChartFinder(source, remark, newestFirst, false);
    }

    /** The same, but charts of betas, and betas of charts, may be chosen. They are for a target that is one anyway. */
    public ChartFinder withPreReleases() {
        return new ChartFinder(source, remark, charts, true);
    }

    /**
     * The chart for a Milvus version.
     *
     * @throws UpgradeException {@link Code#CHART_NOT_FOUND} with what there is, if there is none of its line
     */
    public ChartChoice find(MilvusVersion target) {
        Optional<ChartVersion> exact = newest(target, target::equals);
        if (exact.isPresent()) {
            String why =
                    "Chart " + exact.get().version() + " is the newest for Milvus " + target + " in " + source + ".";
            return new ChartChoice(target, exact.get(), true, why + remark);
        }
        ChartVersion ofLine = newest(target, target::isOnLineOf).orElseThrow(() -> none(target));
        String why = "There is no chart for Milvus " + target + " in " + source + ", so chart " + ofLine.version()
                + " is taken, the newest of the " + target.line() + " line (made for " + ofLine.appVersion()
                + "), with image.all.tag set to v" + target + ".";
        return new ChartChoice(target, ofLine, false, why + remark);
    }

    /**
     * The chart of a version that somebody asks for by name, pre-releases included.
     *
     * @throws UpgradeException {@link Code#CHART_NOT_FOUND} with the newest that there is, if there is no such version
     */
    public ChartVersion chart(String version) {
        return charts.stream()
                .filter(chart -> chart.version().equals(version))
                .findFirst()
                .orElseThrow(() -> new UpgradeException(
                        Code.CHART_NOT_FOUND,
                        "There is no chart " + MILVUS + " " + version + " in " + source + ": " + held() + remark
                                + " Name one of its versions, or another repository."));
    }

    private Optional<ChartVersion> newest(MilvusVersion target, Predicate<MilvusVersion> wanted) {
        return charts.stream()
                .filter(chart -> preReleases || target.isPreRelease() || !chart.isPreRelease())
                .filter(chart -> chart.milvusVersion().filter(wanted).isPresent())
                .findFirst();
    }

    private UpgradeException none(MilvusVersion target) {
        return new UpgradeException(
                Code.CHART_NOT_FOUND,
                "There is no chart for Milvus " + target + ", nor for another " + target.line() + ", in " + source
                        + ": " + held() + remark + " Name another repository, or a chart version.");
    }

    private String held() {
        return charts.isEmpty() ? "it holds no chart called " + MILVUS + "." : "its newest is " + charts.get(0) + ".";
    }

    /** The repository that old guides name still answers, and knows nothing newer than April 2023. */
    private static String archived(String source) {
        return source.matches("https?://milvus-io\\.github\\.io/milvus-helm/?")
                ? " The repository " + source + " is archived and ends with chart 4.0.31;"
                        + " newer ones are in https://zilliztech.github.io/milvus-helm/."
                : "";
    }
}
