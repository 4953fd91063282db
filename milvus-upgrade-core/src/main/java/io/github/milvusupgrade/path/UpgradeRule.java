package io.github.milvusupgrade.path;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.component.ComponentGraph;
import io.github.milvusupgrade.path.RuleOutcome.ForTargets;
import io.github.milvusupgrade.path.RuleOutcome.Leads;
import io.github.milvusupgrade.path.RuleOutcome.Refuses;
import io.github.milvusupgrade.path.RuleOutcome.StopsAt;
import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What is known about going from some versions to some others: that it is one hop, that it needs a stop on the way, or
 * that it must not be done. Immutable. Callers write their own and put them in front of the official ones:
 *
 * <pre>{@code
 * UpgradeRule direct = UpgradeRule.named("acme-2.3-to-2.5")
 *     .from(VersionRange.of("2.3.22", "2.4.0"))
 *     .to(VersionRange.of("2.5.27", "2.6.0"))
 *     .because("our test cluster skips 2.4 every night")
 *     .hop(PathKind.ROLLING, ComponentGraph.officialScript(), WayBack.ONE_WAY)
 *     .build();
 * UpgradePathRules rules = UpgradePathRules.official().withFirst(direct);
 * }</pre>
 */
public final class UpgradeRule {

    private final String id;
    private final VersionRange from;
    private final VersionRange to;
    private final String restriction;
    private final BiPredicate<MilvusVersion, MilvusVersion> restricted;
    private final String why;
    private final List<String> sources;
    private final RuleOutcome outcome;

    private UpgradeRule(Builder builder, RuleOutcome outcome) {
        this.id = builder.id;
        this.from = builder.from;
        this.to = builder.to;
        this.restriction = builder.restriction;
        this.restricted = builder.restricted;
        this.why = builder.why;
        this.sources = List.copyOf(builder.sources);
        this.outcome = outcome;
    }

    /** Start a rule. The id is printed in plans and journals: choose it once. */
    public static Builder named(String id) {
        return new Builder(id);
    }

    /** The name that hops and refusals carry. */
    public String id() {
        return id;
    }

    /** The versions it leads from. */
    public VersionRange from() {
        return from;
    }

    /** The versions it leads to. */
    public VersionRange to() {
        return to;
    }

    /** Why it is a rule; begins with a small letter and ends without a full stop. */
    public String why() {
        return why;
    }

    /** Where it comes from. */
    public List<String> sources() {
        return sources;
    }

    /** When it applies, in words: both ranges and what restricts them further. */
    String applicability() {
        return "from " + from + " to " + to + (restriction.isEmpty() ? "" : ", where " + restriction);
    }

    RuleOutcome outcome() {
        return outcome;
    }

    /** Whether it decides about going from one version to another. A stop that is not between them decides nothing. */
    boolean appliesTo(MilvusVersion source, MilvusVersion target) {
        return from.contains(source)
                && to.contains(target)
                && restricted.test(source, target)
                && (!(outcome instanceof StopsAt stops)
                        || (source.isBelow(stops.stop()) && stops.stop().isBelow(target)));
    }

    @Override
    public String toString() {
        return id + ": " + applicability();
    }

    /** Collects a rule: it says where it applies, why, and exactly one of hop, stop and refusal. Not thread-safe. */
    public static final class Builder {

        private final String id;
        private final List<String> sources = new ArrayList<>();
        private final List<ForTargets<Check>> conditions = new ArrayList<>();
        private final List<ForTargets<String>> notes = new ArrayList<>();
        private VersionRange from = VersionRange.all();
        private VersionRange to = VersionRange.all();
        private String restriction = "";
        private BiPredicate<MilvusVersion, MilvusVersion> restricted = (source, target) -> true;
        private String why = "";
        private @Nullable RuleOutcome outcome;

        private Builder(String id) {
            this.id = id;
        }

        /** The versions it leads from; any if not said. */
        public Builder from(VersionRange sources) {
            this.from = sources;
            return this;
        }

        /** The versions it leads to; any if not said. */
        public Builder to(VersionRange targets) {
            this.to = targets;
            return this;
        }

        /** Restrict it further than ranges can; the words complete "where …". */
        public Builder where(String words, BiPredicate<MilvusVersion, MilvusVersion> sourceAndTarget) {
            this.restriction = words;
            this.restricted = sourceAndTarget;
            return this;
        }

        /**
         * Why it is a rule; begins with a small letter and ends without a full stop, as messages print it after a
         * colon.
         */
        public Builder because(String reason) {
            this.why = reason;
            return this;
        }

        /** Where it comes from, such as {@code milvus-io/milvus#33242}. */
        public Builder source(String... references) {
            sources.addAll(List.of(references));
            return this;
        }

        /** Make it one hop. */
        public Builder hop(PathKind kind, ComponentGraph graph, WayBack wayBack) {
            return decide(new Leads(kind, graph, wayBack, List.of(), List.of()));
        }

        /** What must be true of the instance before the hop begins. */
        public Builder condition(Check check) {
            return conditionFor(VersionRange.all(), check);
        }

        /** The same, but only for hops that end within a range. */
        public Builder conditionFor(VersionRange targets, Check check) {
            conditions.add(new ForTargets<>(targets, check));
            return this;
        }

        /** What to know about the hop that neither blocks nor changes it. */
        public Builder note(String sentence) {
            return noteFor(VersionRange.all(), sentence);
        }

        /** The same, but only for hops that end within a range. */
        public Builder noteFor(VersionRange targets, String sentence) {
            notes.add(new ForTargets<>(targets, sentence));
            return this;
        }

        /** Go to this version first. The rule applies only where it lies between source and target. */
        public Builder stopAt(MilvusVersion stop) {
            return decide(new StopsAt(stop));
        }

        /** Refuse, and say what to do instead; the function gets source and target. */
        public Builder refuse(BiFunction<MilvusVersion, MilvusVersion, NearestWay> nearest) {
            return decide(new Refuses(nearest));
        }

        private Builder decide(RuleOutcome decision) {
            if (outcome != null) {
                throw new IllegalStateException(
                        "Rule " + id + " already decides: it can be only one of hop, stop and refusal.");
            }
            outcome = decision;
            return this;
        }

        /**
         * Make the rule.
         *
         * @throws IllegalStateException if it does not say why, or decides nothing, or has conditions or notes without
         *     a hop
         */
        public UpgradeRule build() {
            if (id.isBlank() || why.isBlank()) {
                throw new IllegalStateException("Rule \"" + id + "\" needs an id and a reason: call because(…).");
            }
            if (outcome == null) {
                throw new IllegalStateException(
                        "Rule " + id + " decides nothing: call hop(…), stopAt(…) or refuse(…).");
            }
            if (outcome instanceof Leads leads) {
                return new UpgradeRule(this, leads.with(conditions, notes));
            }
            if (!conditions.isEmpty() || !notes.isEmpty()) {
                throw new IllegalStateException(
                        "Rule " + id + " has conditions or notes but makes no hop to hold them.");
            }
            return new UpgradeRule(this, outcome);
        }
    }
}
