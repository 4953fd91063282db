package io.github.milvusupgrade.k8s.release;

import java.util.Locale;

/** The state of a revision of a release, in Helm's words (helm/helm:pkg/release/status.go). */
public enum ReleaseStatus {
    /** Helm does not know, or a newer Helm has a word that this library does not know. */
    UNKNOWN,
    /** It is what runs, as far as Helm knows. */
    DEPLOYED,
    /** It was removed, and its record kept. */
    UNINSTALLED,
    /** A later revision took its place. */
    SUPERSEDED,
    /** Its operation failed; what it had changed by then stays. */
    FAILED,
    /** It is being removed. */
    UNINSTALLING,
    /** An install began, and its end is not recorded. */
    PENDING_INSTALL,
    /** An upgrade began, and its end is not recorded. */
    PENDING_UPGRADE,
    /** A rollback began, and its end is not recorded. */
    PENDING_ROLLBACK;

    /** The state of that name; {@link #UNKNOWN} for a name that is not known. */
    static ReleaseStatus of(String name) {
        for (ReleaseStatus status : values()) {
            if (status.toString().equals(name)) {
                return status;
            }
        }
        return UNKNOWN;
    }

    /** Whether Helm refuses every upgrade because an operation seems to go on. */
    public boolean isPending() {
        return this == PENDING_INSTALL || this == PENDING_UPGRADE || this == PENDING_ROLLBACK;
    }

    /** As Helm prints it, such as {@code pending-upgrade}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
