package io.github.milvusupgrade.k8s.inspect;

/**
 * The labels by which Milvus is found. The Helm chart says {@code component}, Milvus Operator says
 * {@code app.kubernetes.io/component} (zilliztech/milvus-helm:charts/milvus/templates/_helpers.tpl,
 * zilliztech/milvus-operator:pkg/controllers/utils.go).
 */
public final class MilvusLabels {

    public static final String INSTANCE = "app.kubernetes.io/instance";
    public static final String NAME = "app.kubernetes.io/name";
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String VERSION = "app.kubernetes.io/version";
    public static final String CHART_COMPONENT = "component";
    public static final String OPERATOR_COMPONENT = "app.kubernetes.io/component";
    public static final String OPERATOR = "milvus-operator";

    private MilvusLabels() {}

    /** The label selector of everything that belongs to an instance. */
    public static String ofInstance(String instance) {
        return INSTANCE + "=" + instance;
    }
}
