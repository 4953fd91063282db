package io.github.milvusupgrade.k8s.rehearsal;

import java.util.Locale;

/**
 * Something that goes wrong with {@code meta-migration}, the tool that migrates Milvus' metadata, to be given to
 * {@link RehearsalCluster#inject(ToolFault)}. An image tag that ends in the name of a fault, such as
 * {@code v2.2.0-backup-cut}, asks for it, too.
 *
 * <p>Lasts until the {@link InjectedFault} is cleared, or for so many runs as {@link #times} says. Immutable.
 */
public final class ToolFault {

    /** What happens; the lower-case name with hyphens is also the suffix of the image tag. */
    enum Kind {
        BACKUP_FAILS("backup"),
        BACKUP_CUT("backup"),
        BACKUP_EMPTY("backup"),
        DIES_AFTER_CLEAN("run"),
        DIES_HALF_WAY("run"),
        HANGS("run"),
        PANICS("run"),
        SESSION_APPEARS("run"),
        ROLLBACK_FAILS("rollback");

        private final String command;

        Kind(String command) {
            this.command = command;
        }

        String suffix() {
            return "-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final int HALF = -1;

    private final Kind kind;
    private final String command;
    private final int keys;
    private final int times;

    private ToolFault(Kind kind, String command, int keys, int times) {
        this.kind = kind;
        this.command = command;
        this.keys = keys;
        this.times = times;
    }

    static ToolFault of(Kind kind) {
        return new ToolFault(kind, kind.command, HALF, Integer.MAX_VALUE);
    }

    /** The backup cannot be written: exit code 1. */
    public static ToolFault backupFails() {
        return of(Kind.BACKUP_FAILS);
    }

    /** The backup ends after half of the entries that its header promises, with exit code 0. */
    public static ToolFault backupCut() {
        return of(Kind.BACKUP_CUT);
    }

    /** The backup is a file without a byte, with exit code 0. */
    public static ToolFault backupEmpty() {
        return of(Kind.BACKUP_EMPTY);
    }

    /** A conversion fails after the old metadata was deleted: exit code 2. */
    public static ToolFault diesAfterClean() {
        return of(Kind.DIES_AFTER_CLEAN);
    }

    /**
     * The tool is killed when it has written half of the new keys: exit code 137, and its session stays for a while.
     */
    public static ToolFault diesHalfWay() {
        return of(Kind.DIES_HALF_WAY);
    }

    /** The tool does not go on, in a run after the old metadata was deleted. */
    public static ToolFault hangs() {
        return of(Kind.HANGS);
    }

    /** Exit code 100 before anything is done. */
    public static ToolFault panics() {
        return of(Kind.PANICS);
    }

    /** While a run writes, a component registers itself, and the tool gives up: exit code 2. */
    public static ToolFault sessionAppears() {
        return of(Kind.SESSION_APPEARS);
    }

    /** A rollback fails after it has deleted the metadata and written half of it: exit code 2. */
    public static ToolFault rollbackFails() {
        return of(Kind.ROLLBACK_FAILS);
    }

    /**
     * Lets {@link #hangs} and {@link #panics} happen in another command than {@code run}.
     *
     * @param command {@code backup}, {@code run} or {@code rollback}
     */
    public ToolFault during(String command) {
        return new ToolFault(kind, command, keys, times);
    }

    /** After this many keys, instead of half of them. */
    public ToolFault afterKeys(int keys) {
        return new ToolFault(kind, command, keys, times);
    }

    /** For so many runs of the tool, then no longer. */
    public ToolFault times(int times) {
        return new ToolFault(kind, command, keys, times);
    }

    Kind kind() {
        return kind;
    }

    boolean isDuring(String command) {
        return this.command.equals(command);
    }

    /** After how many keys of so many it happens. */
    int after(int all) {
        return keys == HALF ? all / 2 : Math.min(keys, all);
    }

    boolean hits(int run) {
        return run <= times;
    }

    @Override
    public String toString() {
        return "meta-migration" + kind.suffix() + " during " + command;
    }
}
