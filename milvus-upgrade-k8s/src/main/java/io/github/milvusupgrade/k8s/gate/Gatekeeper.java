package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.step.GateAnswer;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Waits at gates: asks them until all let the run pass, stops the run when one does not come to, and rests where
 * nothing can be seen.
 */
final class Gatekeeper {

    /** How long a gate must have seen nothing before it counts as blind: pods do not answer for moments. */
    private static final Duration BLINKING = Duration.ofSeconds(10);

    /** A hand-over takes seconds; nobody can be told of its end, so it is asked for. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int LONGEST_PAUSES = 5;

    /** Where a gate stands, and how seldom it is looked at in the end, in pauses. */
    private enum Stage {
        BEFORE_HAND_OVER("was started beside the old one, but the gate before it takes over", true, LONGEST_PAUSES),
        BESIDE_OLD("was rolled out, but the gate after it", true, 1),
        AFTER("was rolled out, but the gate after it", false, LONGEST_PAUSES);

        private final String text;
        private final boolean oldPodsStay;
        private final int longestPauses;

        Stage(String text, boolean oldPodsStay, int longestPauses) {
            this.text = text;
            this.oldPodsStay = oldPodsStay;
            this.longestPauses = longestPauses;
        }
    }

    private record Passed(List<String> saw, boolean atOnce) {}

    private final RolloutWatch watch;
    private final Time time;
    private final GateOptions options;
    private final Function<StepContext, Look> looks;

    Gatekeeper(RolloutWatch watch, Time time, GateOptions options, Function<StepContext, Look> looks) {
        this.watch = watch;
        this.time = time;
        this.options = options;
        this.looks = looks;
    }

    /** Come back when all gates after components let pass; answers what each saw, in their order. */
    List<String> pass(List<? extends MilvusGate> gates, StepContext context) throws InterruptedException {
        return pass(gates, Stage.AFTER, () -> {}, context).saw();
    }

    /**
     * The same while old pods are still there; what has to be done meanwhile is done each second. Answers whether all
     * let pass at the first look.
     */
    boolean passBesideOld(List<? extends MilvusGate> gates, Runnable meanwhile, StepContext context)
            throws InterruptedException {
        return pass(gates, Stage.BESIDE_OLD, meanwhile, context).atOnce();
    }

    /** Come back when all gates in front of components that were started let them take over. */
    void passBeforeHandOver(List<? extends MilvusGate> gates, StepContext context) throws InterruptedException {
        pass(gates, Stage.BEFORE_HAND_OVER, () -> {}, context);
    }

    private Passed pass(List<? extends MilvusGate> gates, Stage stage, Runnable meanwhile, StepContext context)
            throws InterruptedException {
        Map<MilvusGate, Waiting> waiting = new LinkedHashMap<>();
        gates.forEach(gate -> waiting.put(gate, new Waiting(gate, stage)));
        Map<MilvusGate, String> saw = new HashMap<>();
        int looked = 0;
        while (!waiting.isEmpty()) {
            looked++;
            Look look = looks.apply(context);
            for (Waiting one : List.copyOf(waiting.values())) {
                context.checkpoint();
                Optional<String> passed = one.look(look, context);
                if (passed.isPresent()) {
                    saw.put(one.gate, passed.get());
                    waiting.remove(one.gate);
                }
            }
            if (!waiting.isEmpty()) {
                pause(Math.min(looked, stage.longestPauses), meanwhile, context);
            }
        }
        return new Passed(
                gates.stream().map(saw::get).map(Objects::requireNonNull).toList(), looked <= 1);
    }

    /**
     * Wait, unseeing, while old pods stay beside new ones, which are held back so that Kubernetes counts none of them
     * as available.
     */
    String restBesideOld(String what, String why, StepContext context) throws InterruptedException {
        context.warn("Blind beside old pods of " + what + ": whether new ones stand by was not seen, "
                + options.rest().toSeconds() + " s were waited instead: " + why);
        watch.pause(options.rest(), "new pods of " + what + " cannot be seen", context);
        return "blind";
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

    private void pause(int times, Runnable meanwhile, StepContext context) throws InterruptedException {
        for (int i = 0; i < times && !context.remaining().isZero(); i++) {
            meanwhile.run();
            time.sleep(PAUSE);
            context.checkpoint();
        }
    }

    /** A gate that has not let pass yet: what was seen of it so far, and since when. */
    private final class Waiting {

        private final MilvusGate gate;
        private final Stage stage;
        private final long begun = time.nanos();
        private long changed = begun;
        private long saw = begun;
        private String missing = "";
        private String told = "";

        Waiting(MilvusGate gate, Stage stage) {
            this.gate = gate;
            this.stage = stage;
        }

        /** Look once; answers what was seen if it lets pass. */
        Optional<String> look(Look look, StepContext context) throws InterruptedException {
            GateAnswer answer = gate.check(look, context);
            long now = time.nanos();
            if (answer instanceof GateAnswer.Passed passed) {
                return Optional.of(passed.summary());
            }
            if (!answer.summary().equals(told)) {
                told = answer.summary();
                context.progress("gate after " + gate.component() + ": " + told);
            }
            if (answer instanceof GateAnswer.CannotBeSeen blind) {
                return isOver(BLINKING, saw, now) || context.remaining().isZero()
                        ? Optional.of(
                                stage.oldPodsStay
                                        ? restBesideOld(gate.component().name(), blind.summary(), context)
                                        : rest(gate.component().name(), blind.summary(), context))
                        : Optional.empty();
            }
            saw = now;
            changed = answer.summary().equals(missing) ? changed : now;
            missing = answer.summary();
            if (isOver(options.budget(), changed, now) || context.remaining().isZero()) {
                throw notPassed(Duration.ofNanos(now - begun));
            }
            return Optional.empty();
        }

        private UpgradeException notPassed(Duration waited) {
            return new UpgradeException(
                    Code.GATE_NOT_PASSED,
                    gate.component() + " " + stage.text + " did not pass in " + waited.toSeconds()
                            + " s. It asks that " + gate.describe() + "; last seen: " + missing
                            + ". No component after it was touched. Look at the log of these pods, then resume; or roll"
                            + " back.");
        }
    }

    private static boolean isOver(Duration budget, long since, long now) {
        return now - since >= budget.toNanos();
    }
}
