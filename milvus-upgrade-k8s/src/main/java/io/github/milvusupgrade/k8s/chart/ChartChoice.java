package io.github.milvusupgrade.k8s.chart;

import io.github.milvusupgrade.version.MilvusVersion;

/**
 * The chart that installs a Milvus version, and why this one. Made by {@link ChartFinder}.
 *
 * @param target the Milvus version
 * @param chart the chart
 * @param exact whether the chart was made for just that version; otherwise its default image is another one
 * @param explanation why it was chosen, for a plan: one or two sentences
 */
public record ChartChoice(MilvusVersion target, ChartVersion chart, boolean exact, String explanation) {

    /**
     * The tag for {@code image.all.tag}. To be set even if the choice is exact: what a chart says of itself may lie.
     */
    public String imageTag() {
        return "v" + target;
    }
}
