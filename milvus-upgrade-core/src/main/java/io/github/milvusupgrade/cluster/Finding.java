package io.github.milvusupgrade.cluster;

/**
 * What a {@link Check} has to say. The id of the check is the finding's stable code.
 *
 * @param check the id of the check, such as {@code P05}
 * @param status how bad it is
 * @param message the evidence, with the values that were seen
 * @param remedy what to do about it; empty if there is nothing to do
 */
public record Finding(String check, Status status, String message, String remedy) {

    /** How bad a finding is. */
    public enum Status {
        /** As it should be. */
        PASS,
        /** Worth knowing; does not block. */
        WARN,
        /** Blocks the upgrade. */
        FAIL,
        /** Could not be decided; blocks, because not knowing is not the same as being fine. */
        UNKNOWN,
        /** Would block, but the caller waived this one check with a reason. */
        WAIVED
    }

    /** Say that everything is as it should be. */
    public static Finding pass(String check, String message) {
        return new Finding(check, Status.PASS, message, "");
    }

    /** Say something worth knowing that does not block. */
    public static Finding warn(String check, String message, String remedy) {
        return new Finding(check, Status.WARN, message, remedy);
    }

    /** Block the upgrade. */
    public static Finding fail(String check, String message, String remedy) {
        return new Finding(check, Status.FAIL, message, remedy);
    }

    /** Say that the check could not be decided, which blocks the upgrade as well. */
    public static Finding unknown(String check, String message, String remedy) {
        return new Finding(check, Status.UNKNOWN, message, remedy);
    }

    /** Whether the upgrade must not start. */
    public boolean blocks() {
        return status == Status.FAIL || status == Status.UNKNOWN;
    }

    /** The same finding, no longer blocking because the caller took the responsibility. */
    public Finding waived(String reason) {
        return new Finding(check, Status.WAIVED, message + " (waived: " + reason + ")", remedy);
    }

    /** One line for people: {@code FAIL P05 rootcoord runs 2.2.4, proxy runs 2.2.3. Resume the …}. */
    @Override
    public String toString() {
        return String.format("%-7s %-4s %s", status, check, message) + (remedy.isEmpty() ? "" : " " + remedy);
    }
}
