package io.github.milvusupgrade;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.step.UpgradeStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The undo of a step as a step of its own, which brings along what was captured before the original was applied. */
final class UndoStep implements UpgradeStep {

    private final UpgradeStep original;
    private final Undo.By undo;
    private final Map<String, String> captured;

    UndoStep(UpgradeStep original, Undo.By undo, Map<String, String> captured) {
        this.original = original;
        this.undo = undo;
        this.captured = captured;
    }

    @Override
    public StepId id() {
        return StepId.of("undo/" + original.id());
    }

    @Override
    public String summary() {
        return undo.summary();
    }

    @Override
    public Set<Component> components() {
        return original.components();
    }

    @Override
    public Map<String, String> capture(StepContext context) {
        return captured;
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        return undo.action().undo(context);
    }

    /** What has to be seen of the new is to be seen of the old again. */
    @Override
    public List<String> gates() {
        return original.gates();
    }

    @Override
    public Undo undo() {
        return Undo.notNeeded("this is the way back");
    }

    @Override
    public Duration timeout() {
        return original.timeout();
    }
}
