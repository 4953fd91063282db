package io.github.milvusupgrade.k8s.helm;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.helm.ChildProcess.Ending;
import io.github.milvusupgrade.k8s.helm.ChildProcess.Finished;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** One use of the program: its runs share a deadline and a private folder, which is gone once this is closed. */
final class HelmCall implements AutoCloseable {

    private final HelmProgram program;
    private final Deadline deadline;
    private final BooleanSupplier cancelled;
    private final Mask mask;
    private final PrivateFolder folder = PrivateFolder.create();

    HelmCall(HelmProgram program, Duration timeout, BooleanSupplier cancelled, Mask mask) {
        this.program = program;
        this.deadline = Deadline.after(timeout, Time.system());
        this.cancelled = cancelled;
        this.mask = mask;
    }

    PrivateFolder folder() {
        return folder;
    }

    HelmVersion version() {
        Finished finished = execute("question for the version of Helm", List.of("version", "--template={{.Version}}"));
        return HelmVersion.parse(program.binary(), finished.exitCode() == 0 ? finished.out() : finished.err());
    }

    /** @throws UpgradeException if it is not one that is known */
    HelmVersion supportedVersion() {
        HelmVersion version = version();
        version.requireSupported(program.binary());
        return version;
    }

    /**
     * Runs Helm.
     *
     * @param operation what for, as a noun
     * @throws UpgradeException if it does not succeed
     */
    Finished run(String operation, List<String> arguments) {
        Finished finished = execute(operation, arguments);
        if (finished.exitCode() != 0) {
            throw HelmFailure.of(operation, finished.err().isBlank() ? finished.out() : finished.err(), mask);
        }
        return finished;
    }

    private Finished execute(String operation, List<String> arguments) {
        if (cancelled.getAsBoolean()) {
            throw new UpgradeException(
                    Code.CANCELLED, "The " + operation + " was stopped: it was cancelled before Helm was started.");
        }
        Finished finished = start(arguments);
        if (finished.ending() == Ending.TIMED_OUT) {
            throw stopped(Code.HELM_TIMED_OUT, operation, "it was not done in its time", finished.err());
        } else if (finished.ending() == Ending.CANCELLED) {
            throw stopped(Code.CANCELLED, operation, "it was cancelled", finished.err());
        }
        return finished;
    }

    private Finished start(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.binary()));
        command.addAll(arguments);
        try {
            return ChildProcess.run(program.in(folder, command), deadline, program.grace(), cancelled);
        } catch (IOException e) {
            throw new UpgradeException(
                    Code.HELM_UNAVAILABLE,
                    "Cannot start \"" + program.binary() + "\" : " + e.getMessage()
                            + ". Install Helm 3.14 or later, or 4, or name its path.",
                    e);
        }
    }

    private UpgradeException stopped(Code code, String operation, String why, String printed) {
        return new UpgradeException(
                code,
                "The " + operation + " was stopped: " + why
                        + ", and Helm was ended. \"helm history\" shows what became of it. "
                        + mask.said(HelmFailure.essence(printed)));
    }

    @Override
    public void close() {
        folder.close();
    }
}
