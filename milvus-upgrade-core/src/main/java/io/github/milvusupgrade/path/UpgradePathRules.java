package io.github.milvusupgrade.path;

import io.github.milvusupgrade.path.RuleOutcome.Leads;
import io.github.milvusupgrade.path.RuleOutcome.Refuses;
import io.github.milvusupgrade.path.RuleOutcome.StopsAt;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Stream;

/**
 * The rules by which paths are found, in the order in which they are asked: the first one that applies decides.
 * Immutable; the same versions always give the same path, with no cluster and no network.
 */
public final class UpgradePathRules {

    /** Named by refusals where no rule applies; the official rules leave no such gap. */
    private static final String NO_RULE = "none";

    private final List<UpgradeRule> rules;
    private final boolean throughHelm;

    private UpgradePathRules(List<UpgradeRule> rules, boolean throughHelm) {
        this.rules = rules;
        this.throughHelm = throughHelm;
    }

    /**
     * What Milvus, its chart and its operator document, and what their users found out, for versions 2.1 to 3.0. Every
     * rule carries its sources; {@code docs/paths.md} lists them all.
     */
    public static UpgradePathRules official() {
        return of(OfficialRules.all());
    }

    /**
     * Make a set of rules of one's own.
     *
     * @throws IllegalArgumentException if two of them have the same id: a hop could not say which one made it
     */
    public static UpgradePathRules of(List<UpgradeRule> rules) {
        Set<String> ids = new HashSet<>();
        for (UpgradeRule rule : rules) {
            if (!ids.add(rule.id())) {
                throw new IllegalArgumentException("Two rules are called " + rule.id() + ". Rename one of them.");
            }
        }
        return new UpgradePathRules(List.copyOf(rules), false);
    }

    /**
     * The same rules with one more, asked before all others.
     *
     * @throws IllegalArgumentException if there is a rule with its id
     */
    public UpgradePathRules withFirst(UpgradeRule rule) {
        List<UpgradeRule> more =
                of(Stream.concat(Stream.of(rule), rules.stream()).toList()).rules;
        return new UpgradePathRules(more, throughHelm);
    }

    /**
     * The same rules, with every rolling hop made by Helm instead: for an instance whose Helm release shall say what
     * runs, at the price of what the chart makes of its coordinators.
     */
    public UpgradePathRules throughHelm() {
        return new UpgradePathRules(rules, true);
    }

    /** The rules in the order in which they are asked. */
    public List<UpgradeRule> rules() {
        return rules;
    }

    /**
     * Find the hops from the version that runs to the version that is wanted.
     *
     * @throws NoUpgradePathException if a rule refuses, or none applies, for the whole way or a part of it
     */
    public UpgradePath resolve(MilvusVersion from, MilvusVersion to) {
        List<Hop> hops = new ArrayList<>();
        MilvusVersion reached = from;
        while (!reached.equals(to) || hops.isEmpty()) {
            Hop next = nextHop(new Leg(from, to), new Leg(reached, to));
            hops.add(next);
            reached = next.to();
        }
        return new UpgradePath(from, to, hops);
    }

    /** Say for every line of releases how its newest release is reached from a version, or why not; for people. */
    public String explain(MilvusVersion from) {
        StringJoiner lines = new StringJoiner("\n  ", "From Milvus " + from + ":\n  ", "");
        lines.setEmptyValue("From Milvus " + from + ":\n  no later release is known.");
        KnownReleases.newestOfEachLine().stream()
                .filter(from::isBelow)
                .forEach(target -> lines.add(String.format("%-7s %s", target, wayTo(from, target))));
        return lines.toString();
    }

    private String wayTo(MilvusVersion from, MilvusVersion target) {
        try {
            return resolve(from, target).toString();
        } catch (NoUpgradePathException refusal) {
            return "refused (rule " + refusal.ruleId() + "). "
                    + refusal.nearest().advice();
        }
    }

    /** The first hop of a leg. Each stop makes the leg shorter, so this ends. */
    private Hop nextHop(Leg asked, Leg leg) {
        UpgradeRule rule = rules.stream()
                .filter(candidate -> candidate.appliesTo(leg.from(), leg.to()))
                .findFirst()
                .orElseThrow(() -> refusal(
                        asked,
                        leg,
                        NO_RULE,
                        "no rule leads there",
                        NearestWay.of("Add a rule of your own with UpgradePathRules.withFirst(…).")));
        if (rule.outcome() instanceof Leads leads) {
            return hop(rule, leads, leg);
        }
        if (rule.outcome() instanceof StopsAt stops) {
            Hop first = nextHop(asked, new Leg(leg.from(), stops.stop()));
            return first.to().equals(stops.stop()) ? first.withNote(stopNote(rule, leg)) : first;
        }
        Refuses refuses = (Refuses) rule.outcome();
        throw refusal(asked, leg, rule.id(), rule.why(), refuses.nearest().apply(leg.from(), leg.to()));
    }

    private Hop hop(UpgradeRule rule, Leads leads, Leg leg) {
        boolean helm = throughHelm && leads.kind() == PathKind.ROLLING;
        return new Hop(
                leg.from(),
                leg.to(),
                helm ? PathKind.HELM : leads.kind(),
                leads.graph(),
                rule.id(),
                rule.why(),
                RuleOutcome.holding(leads.conditions(), leg.to()),
                leads.wayBack(),
                rule.sources(),
                RuleOutcome.holding(leads.notes(), leg.to()));
    }

    private static String stopNote(UpgradeRule rule, Leg leg) {
        return "Stops here on the way to " + leg.to() + ": " + rule.why() + " (rule " + rule.id() + "; "
                + String.join(", ", rule.sources()) + ").";
    }

    private static NoUpgradePathException refusal(
            Leg asked, Leg leg, String ruleId, String reason, NearestWay nearest) {
        String where = leg.equals(asked) ? "" : "the part from " + leg.from() + " to " + leg.to() + " is refused: ";
        return new NoUpgradePathException(asked.from(), asked.to(), ruleId, where + reason, nearest);
    }

    private record Leg(MilvusVersion from, MilvusVersion to) {}
}
