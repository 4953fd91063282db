package io.github.milvusupgrade;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.step.UpgradeStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A step that writes down when it is captured, applied and undone, and does what the test wants besides. */
final class FakeStep implements UpgradeStep {

    /** What a step does when it is applied. */
    interface Work {
        StepResult on(StepContext context) throws InterruptedException;
    }

    private final FakeCluster cluster;
    private final StepId id;
    private String summary;
    private Optional<Component> component = Optional.empty();
    private List<Check> checks = List.of();
    private Supplier<Map<String, String>> facts = Map::of;
    private Work work = context -> StepResult.applied("done");
    private Undo undo = Undo.notNeeded("changes nothing");
    private List<String> gates = List.of();
    private OnFailure onFailure = OnFailure.STOP;
    private Duration timeout = Duration.ofMinutes(15);

    FakeStep(FakeCluster cluster, String id) {
        this.cluster = cluster;
        this.id = StepId.of(id);
        this.summary = "do " + id;
    }

    FakeStep saying(String text) {
        summary = text;
        return this;
    }

    FakeStep about(Component part) {
        component = Optional.of(part);
        return this;
    }

    FakeStep checking(Check... what) {
        checks = List.of(what);
        return this;
    }

    FakeStep capturing(Supplier<Map<String, String>> what) {
        facts = what;
        return this;
    }

    FakeStep doing(Work what) {
        work = what;
        return this;
    }

    FakeStep undoneBy(String text, Undo.Action action) {
        undo = Undo.by(text, context -> {
            cluster.history().add("undo " + id);
            cluster.mortality().pass("before undoing " + id);
            cluster.disturb(StepId.of("undo/" + id), context);
            StepResult result = action.undo(context);
            cluster.mortality().pass("after undoing " + id);
            return result;
        });
        return this;
    }

    FakeStep withoutWayBack(String reason) {
        undo = Undo.impossible(reason);
        return this;
    }

    FakeStep takenBackOnFailure() {
        onFailure = OnFailure.TAKE_BACK;
        return this;
    }

    FakeStep behind(String... what) {
        gates = List.of(what);
        return this;
    }

    FakeStep within(Duration limit) {
        timeout = limit;
        return this;
    }

    @Override
    public StepId id() {
        return id;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public Set<Component> components() {
        return component.stream().collect(Collectors.toSet());
    }

    @Override
    public List<Check> checks() {
        return checks;
    }

    @Override
    public Map<String, String> capture(StepContext context) {
        cluster.history().add("capture " + id);
        cluster.mortality().pass("while capturing " + id);
        return facts.get();
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        cluster.history().add("apply " + id);
        cluster.mortality().pass("before applying " + id);
        cluster.disturb(id, context);
        StepResult result = work.on(context);
        cluster.mortality().pass("after applying " + id);
        return result;
    }

    @Override
    public Undo undo() {
        return undo;
    }

    @Override
    public List<String> gates() {
        return gates;
    }

    @Override
    public OnFailure onFailure() {
        return onFailure;
    }

    @Override
    public Duration timeout() {
        return timeout;
    }
}
