package io.github.milvusupgrade.path;

import io.github.milvusupgrade.version.MilvusVersion;
import java.util.List;
import java.util.StringJoiner;

/**
 * The hops from the version that runs to the version that was asked for. Made by {@link UpgradePathRules#resolve};
 * immutable, and never without a hop.
 *
 * @param from where the first hop begins
 * @param to where the last hop ends
 * @param hops in order, each beginning where the one before it ends
 */
public record UpgradePath(MilvusVersion from, MilvusVersion to, List<Hop> hops) {

    /** Refuse hops that do not chain from {@code from} to {@code to}. */
    public UpgradePath {
        hops = List.copyOf(hops);
        MilvusVersion reached = from;
        for (Hop hop : hops) {
            if (!hop.from().equals(reached)) {
                throw new IllegalArgumentException("The hops do not chain: after " + reached + " comes " + hop + ".");
            }
            reached = hop.to();
        }
        if (hops.isEmpty() || !reached.equals(to)) {
            throw new IllegalArgumentException(
                    "The hops end at " + reached + ", but the path leads from " + from + " to " + to + ".");
        }
    }

    /** The path for people: every hop with its rule, reason, order, conditions, way back, notes and sources. */
    public String describe() {
        StringJoiner lines = new StringJoiner("\n");
        lines.add(from + " -> " + to + "   " + hops.size() + (hops.size() == 1 ? " hop" : " hops"));
        for (int i = 0; i < hops.size(); i++) {
            Hop hop = hops.get(i);
            lines.add("hop " + (i + 1) + "  " + hop);
            lines.add("  why        " + hop.why());
            lines.add("  order      " + hop.graph());
            hop.conditions().forEach(check -> lines.add("  condition  " + check.id() + ": " + check.title()));
            lines.add("  way back   " + hop.wayBack());
            hop.notes().forEach(note -> lines.add("  note       " + note));
            hop.sources().forEach(source -> lines.add("  source     " + source));
        }
        return lines.toString();
    }

    /** One line: {@code 2.1.4 -> 2.2.16 migrate (rule migrate-2.1), 2.2.16 -> 2.3.22 rolling (rule roll-to-2.3)}. */
    @Override
    public String toString() {
        StringJoiner line = new StringJoiner(", ");
        hops.forEach(hop -> line.add(hop.toString()));
        return line.toString();
    }
}
