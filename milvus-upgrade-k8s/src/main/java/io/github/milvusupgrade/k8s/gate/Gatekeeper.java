package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.step.Gate;
import io.github.milvusupgrade.step.GateAnswer;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;

/**
 * Waits at a gate: asks it until it lets the run pass, stops the run when it does not come to, and rests where nothing
 * can be seen.
 */
final class Gatekeeper {

    /** How long a gate must have seen nothing before it counts as blind: pods do not answer for moments. */
    private static final Duration BLINKING = Duration.ofSeconds(10);

    /** A hand-over takes seconds; nobody can be told of its end, so it is asked for. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int LONGEST_PAUSES = 5;

    private final RolloutWatch watch;
    private final Time time;
    private final GateOptions options;

    Gatekeeper(RolloutWatch watch, Time time, GateOptions options) {
        this.watch = watch;
        this.time = time;
        this.options = options;
    }

    /** Come back when the gate after a component lets pass; answers what it saw. */
    String pass(Gate gate, Component component, StepContext context) throws InterruptedException {
        return pass(gate, component, "was rolled out, but the gate after it", context);
    }

    /** Come back when the gate in front of a component that was started lets it take over. */
    String passBeforeHandOver(Gate gate, Component component, StepContext context) throws InterruptedException {
        return pass(gate, component, "was started beside the old one, but the gate before it takes over", context);
    }

    private String pass(Gate gate, Component component, String stage, StepContext context) throws InterruptedException {
        long begun = time.nanos();
        long changed = begun;
        long saw = begun;
        String missing = "";
        String told = "";
        for (int look = 1; ; look++) {
            context.checkpoint();
            GateAnswer answer = gate.check(component, context);
            long now = time.nanos();
            if (answer instanceof GateAnswer.Passed passed) {
                return passed.summary();
            }
            if (!answer.summary().equals(told)) {
                told = answer.summary();
                context.progress("gate after " + component + ": " + told);
            }
            if (answer instanceof GateAnswer.CannotBeSeen blind) {
                if (isOver(BLINKING, saw, now) || context.remaining().isZero()) {
                    return rest(component.name(), blind.summary(), context);
                }
            } else {
                saw = now;
                changed = answer.summary().equals(missing) ? changed : now;
                missing = answer.summary();
                if (isOver(options.budget(), changed, now)
                        || context.remaining().isZero()) {
                    throw notPassed(gate, component, stage, missing, Duration.ofNanos(now - begun));
                }
            }
            pause(Math.min(look, LONGEST_PAUSES), context);
        }
    }

    /** Wait, unseeing, until every component was available for a while; the report tells of it. */
    String rest(String what, String why, StepContext context) throws InterruptedException {
        String rested = options.rest().isZero()
                ? "nothing was waited for instead"
                : "every component was available for " + options.rest().toSeconds() + " s instead";
        context.warn("Blind after " + what + ": whether it serves was not seen, " + rested + ": " + why);
        if (!options.rest().isZero()) {
            watch.awaitHealthy(
                    context.snapshot().id(),
                    context.snapshot().workloadNames(),
                    options.rest(),
                    "After " + what + ", as Milvus itself cannot be seen",
                    context);
        }
        return "blind";
    }

    private void pause(int times, StepContext context) throws InterruptedException {
        for (int i = 0; i < times && !context.remaining().isZero(); i++) {
            time.sleep(PAUSE);
            context.checkpoint();
        }
    }

    private static boolean isOver(Duration budget, long since, long now) {
        return now - since >= budget.toNanos();
    }

    private static UpgradeException notPassed(
            Gate gate, Component component, String stage, String missing, Duration waited) {
        return new UpgradeException(
                Code.GATE_NOT_PASSED,
                component + " " + stage + " did not pass in " + waited.toSeconds()
                        + " s. It asks that " + gate.describe() + "; last seen: " + missing
                        + ". No component after it was touched. Look at the log of these pods, then resume; or roll"
                        + " back.");
    }
}
