package io.github.milvusupgrade.k8s.helmpath;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.helmpath.ReleaseChange.ObjectKey;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObjectsDiffTest {

    private static final ObjectKey PROXY = new ObjectKey("Deployment", "proxy");
    private static final ObjectKey CONFIG = new ObjectKey("ConfigMap", "milvus");
    private static final ObjectKey ETCD = new ObjectKey("StatefulSet", "etcd");
    private static final ObjectKey CLAIM = new ObjectKey("PersistentVolumeClaim", "data");

    @Test
    void objectsAreNamedWithTheirImagesAndNothingOfTheirContent() {
        ObjectsDiff diff = ObjectsDiff.of(
                Map.of(PROXY, pods("milvus:1"), CONFIG, JsonApi.json("{data: {a: 'secret'}}")),
                Map.of(PROXY, pods("milvus:2"), CONFIG, JsonApi.json("{data: {a: 'other'}}")));

        assertThat(diff.lines())
                .containsExactly("~ ConfigMap milvus", "~ Deployment proxy (main milvus:1 -> milvus:2)");
        assertThat(diff.withData()).isEmpty();
    }

    @Test
    void whatComesAndGoesIsNamed() {
        ObjectsDiff diff = ObjectsDiff.of(Map.of(PROXY, pods("milvus:1")), Map.of(CONFIG, JsonApi.json("{}")));

        assertThat(diff.lines()).containsExactly("+ ConfigMap milvus", "- Deployment proxy");
    }

    @Test
    void whatStaysIsNotNamed() {
        assertThat(ObjectsDiff.of(Map.of(PROXY, pods("milvus:1")), Map.of(PROXY, pods("milvus:1")))
                        .lines())
                .isEmpty();
    }

    @Test
    void aSubChartWhoseDataIsTouchedIsNamedByItsLabel() {
        ObjectNode before = pods("etcd:1");
        before.withObject("/metadata/labels").put("helm.sh/chart", "etcd-6.3.3");
        ObjectsDiff diff = ObjectsDiff.of(Map.of(ETCD, before), Map.of(ETCD, pods("etcd:2")));

        assertThat(diff.subChartsWithData()).containsExactly("etcd");
        assertThat(diff.withData()).containsExactly("StatefulSet etcd");
    }

    @Test
    void aVolumeThatWouldGoHoldsData() {
        ObjectNode claim = JsonApi.json("{metadata: {labels: {chart: 'minio-8.0.17'}}}");

        assertThat(ObjectsDiff.of(Map.of(CLAIM, claim), Map.of()).subChartsWithData())
                .containsExactly("minio");
    }

    @Test
    void anotherLabelTouchesNoData() {
        ObjectNode after = pods("etcd:1");
        after.withObject("/metadata/labels").put("helm.sh/chart", "etcd-6.3.4");

        assertThat(ObjectsDiff.of(Map.of(ETCD, pods("etcd:1")), Map.of(ETCD, after))
                        .withData())
                .isEmpty();
    }

    private static ObjectNode pods(String image) {
        return JsonApi.json("{spec: {template: {spec: {containers: [{name: 'main', image: '" + image + "'}]}}}}");
    }
}
