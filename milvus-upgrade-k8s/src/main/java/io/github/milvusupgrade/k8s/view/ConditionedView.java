package io.github.milvusupgrade.k8s.view;

import java.util.List;
import java.util.Optional;

/** An object that says in {@code status.conditions} how it fares. */
public interface ConditionedView extends ObjectView {

    default List<Condition> conditions() {
        return Fields.each(Condition::of, raw(), "status", "conditions");
    }

    default Optional<Condition> condition(String type) {
        return conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }
}
