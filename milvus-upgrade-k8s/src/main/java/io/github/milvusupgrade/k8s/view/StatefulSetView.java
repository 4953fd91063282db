package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A StatefulSet of {@code apps/v1}. */
public record StatefulSetView(JsonNode raw) implements ObjectView {

    public List<ContainerSpec> containers() {
        return Fields.each(ContainerSpec::of, raw, "spec", "template", "spec", "containers");
    }
}
