package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.step.Gate;
import io.github.milvusupgrade.step.GateAnswer;
import io.github.milvusupgrade.step.StepContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A gate of a caller that always answers the same, and remembers after which components it was asked. */
record AskedGate(String describe, Predicate<Component> guarded, GateAnswer answer, List<String> asked) implements Gate {

    static AskedGate after(Predicate<Component> guarded, String describe, GateAnswer answer) {
        return new AskedGate(describe, guarded, answer, new CopyOnWriteArrayList<>());
    }

    @Override
    public boolean guards(Component component) {
        return guarded.test(component);
    }

    @Override
    public GateAnswer check(Component component, StepContext context) {
        asked.add(component.name());
        return answer;
    }
}
