package io.github.milvusupgrade.k8s.config;

import java.util.Optional;

/** The text Milvus reads from a node: null as the empty text, a list joined by commas, a section not at all. */
final class ConfigValue {

    private ConfigValue() {}

    static Optional<String> of(YamlNode node) {
        YamlNode target = node.target();
        if (target instanceof YamlNode.Scalar scalar) {
            return Optional.of(scalar.isNull() ? "" : scalar.text());
        }
        return target instanceof YamlNode.Sequence list ? Optional.of(list.joined()) : Optional.empty();
    }
}
