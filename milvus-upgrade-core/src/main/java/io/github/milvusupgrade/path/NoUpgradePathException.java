package io.github.milvusupgrade.path;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.version.MilvusVersion;

/** A rule refuses the upgrade. The message names the rule, its reason and the nearest way that is open. */
public final class NoUpgradePathException extends UpgradeException {

    private static final long serialVersionUID = 1L;

    private final transient MilvusVersion from;
    private final transient MilvusVersion to;
    private final String ruleId;
    private final transient NearestWay nearest;

    NoUpgradePathException(MilvusVersion from, MilvusVersion to, String ruleId, String reason, NearestWay nearest) {
        super(
                Code.NO_UPGRADE_PATH,
                "No upgrade path from Milvus " + from + " to " + to + ": " + reason + " (rule " + ruleId + "). "
                        + nearest.advice());
        this.from = from;
        this.to = to;
        this.ruleId = ruleId;
        this.nearest = nearest;
    }

    /** The version that runs. */
    public MilvusVersion from() {
        return from;
    }

    /** The version that was asked for. */
    public MilvusVersion to() {
        return to;
    }

    /** The rule that refuses. */
    public String ruleId() {
        return ruleId;
    }

    /** What to do instead. */
    public NearestWay nearest() {
        return nearest;
    }
}
