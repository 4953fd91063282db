package io.github.milvusupgrade.k8s.release;

/** What becomes of the values of a release when its chart is upgraded. */
public enum ValuesPolicy {
    /**
     * The new chart's defaults with everything over them that the user ever gave: {@code --reset-then-reuse-values}.
     * The default, and the only one that charts from 4.2.21 on are made for
     * (zilliztech/milvus-helm:charts/milvus/README.md).
     */
    RESET_THEN_REUSE,
    /**
     * What was effective stays effective, defaults of the old chart included: {@code --reuse-values}. Unlike there,
     * keys that only the new chart has keep their defaults, without which charts from 4.0.10 on cannot be rendered over
     * the values of older ones (milvus-io/milvus-helm#458). From then on the old defaults count as given by the user.
     */
    REUSE,
    /** The new chart's defaults and what is given now; what was given before is forgotten: {@code --reset-values}. */
    RESET
}
