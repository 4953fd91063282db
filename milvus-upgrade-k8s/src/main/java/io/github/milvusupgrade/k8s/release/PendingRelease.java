package io.github.milvusupgrade.k8s.release;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An operation of Helm that began and has not recorded its end: it goes on somewhere, or it was killed. Helm itself
 * cannot tell, and refuses every upgrade with "another operation (install/upgrade/rollback) is in progress".
 *
 * @param namespace where the release is installed
 * @param release its name
 * @param revision the revision that is pending
 * @param status which operation
 * @param since when it began, if that is on record
 * @param by the program that wrote the record last, if the API server remembers it
 * @param wayBack the newest earlier revision that was deployed once, if Helm has kept one
 */
public record PendingRelease(
        String namespace,
        String release,
        int revision,
        ReleaseStatus status,
        Optional<Instant> since,
        Optional<String> by,
        OptionalInt wayBack) {

    /**
     * What is pending, since when, by whom, and what to do about it, for people.
     *
     * @param now the time to compare with
     */
    public String explain(Instant now) {
        return "Release " + namespace + "/" + release + " is " + status + " in revision " + revision
                + since.map(begin -> " since " + begin + ago(begin, now)).orElse("")
                + by.map(manager -> ", written by " + manager).orElse("")
                + ": an operation of Helm goes on, or was killed before it could record its end; until then Helm refuses"
                + " every other. Look for a helm process, a CI job or a GitOps controller that is at it, and wait for"
                + " its end. " + remedy();
    }

    private String remedy() {
        if (wayBack.isPresent()) {
            return "If there is none, 'helm rollback " + release + " " + wayBack.getAsInt() + " --namespace "
                    + namespace + "' brings back revision " + wayBack.getAsInt() + ".";
        }
        return "If there is none, there is nothing to roll back to: Helm has kept no earlier revision that was deployed."
                + " See with 'helm get manifest " + release + " --namespace " + namespace
                + "' what of it exists before you remove anything.";
    }

    private static String ago(Instant begin, Instant now) {
        Duration age = Duration.between(begin, now);
        if (age.isNegative()) {
            return "";
        }
        long seconds = age.toSeconds();
        String text = seconds < 120
                ? seconds + " s"
                : seconds < 7200
                        ? age.toMinutes() + " min"
                        : age.toHours() < 48 ? age.toHours() + " h" : age.toDays() + " days";
        return " (" + text + " ago)";
    }
}
