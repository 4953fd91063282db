package io.github.milvusupgrade;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.step.RunId;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Says of the fake instance what an operator would say of a real one. */
final class ClusterAssert extends AbstractAssert<ClusterAssert, FakeCluster> {

    private ClusterAssert(FakeCluster cluster) {
        super(cluster, ClusterAssert.class);
    }

    static ClusterAssert assertThat(FakeCluster cluster) {
        return new ClusterAssert(cluster);
    }

    ClusterAssert runsEverywhere(String tag) {
        Assertions.assertThat(actual.tags().values()).containsOnly(tag);
        return this;
    }

    ClusterAssert runs(Component component, String tag) {
        Assertions.assertThat(actual.tags()).containsEntry(component.name(), tag);
        return this;
    }

    /** These images were really set, in this order, each as often as it stands here. */
    ClusterAssert changed(String... effects) {
        Assertions.assertThat(actual.history().of("effect")).containsExactly(effects);
        return this;
    }

    ClusterAssert wasNotTouched() {
        Assertions.assertThat(actual.history().of("effect")).isEmpty();
        return this;
    }

    ClusterAssert applied(String... steps) {
        Assertions.assertThat(actual.history().of("apply")).isEqualTo(List.of(steps));
        return this;
    }

    ClusterAssert captured(String... steps) {
        Assertions.assertThat(actual.history().of("capture")).isEqualTo(List.of(steps));
        return this;
    }

    ClusterAssert undid(String... steps) {
        Assertions.assertThat(actual.history().of("undo")).isEqualTo(List.of(steps));
        return this;
    }

    ClusterAssert journaled(String... writes) {
        Assertions.assertThat(actual.history().of("journal")).isEqualTo(List.of(writes));
        return this;
    }

    ClusterAssert remembers(RunId run, RunStatus status) {
        Assertions.assertThat(actual.statusOf(run)).isEqualTo(status);
        return this;
    }
}
