package io.github.milvusupgrade.k8s.helm;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Helm says when it fails, as an exception with a code. The phrases are those of {@code helm/helm} 3.14 to 4.3:
 * {@code pkg/storage/driver/driver.go}, {@code pkg/action/action.go}, {@code upgrade.go} and {@code rollback.go},
 * {@code pkg/kube/client.go}; and those of {@code kubernetes/kubernetes} that it passes on.
 */
enum HelmFailure {
    CREDENTIALS(
            Code.CREDENTIALS_REJECTED,
            "(?i)kubernetes cluster unreachable: .*(unauthorized|asked for the client to provide credentials)",
            "the API server rejects the credentials of the kubeconfig that Helm is given",
            "Renew them."),
    UNREACHABLE(
            Code.API_UNREACHABLE,
            "(?i)kubernetes cluster unreachable",
            "Helm does not reach the API server",
            "Check the kubeconfig that Helm is given, and the network."),
    MISSING(
            Code.HELM_RELEASE_MISSING,
            "has no deployed releases|release: not found|release has no \\d+ version",
            "Helm knows no such release, or not that revision of it",
            "\"helm list --all\" and \"helm history\" show what there is; Helm keeps 10 revisions, and looks for them in"
                    + " Secrets."),
    BUSY(
            Code.HELM_BUSY,
            "another operation \\(install/upgrade/rollback\\) is in progress"
                    + "|\"sh\\.helm\\.release\\.v1\\.\\S+\" already exists",
            "another operation of Helm on the release is in progress, or was killed",
            "If somebody else is at work, wait. If not, \"helm history\" shows a pending revision: roll back to the last"
                    + " one that was deployed."),
    FORBIDDEN(
            Code.PERMISSION_MISSING,
            " is forbidden: User ",
            "the account of the kubeconfig that Helm is given lacks a permission",
            "Grant it."),
    OWNED_BY_OTHERS(
            Code.CHANGED_BY_OTHERS,
            "(?i)apply failed with \\d+ conflicts?:",
            "the server applies this release, and somebody else has set fields of it to other values since",
            "Decide whose value is right: put it into the values of the release, or undo the other change."),
    SLOW(
            Code.HELM_TIMED_OUT,
            "timed out waiting for the condition|context deadline exceeded",
            "Helm was not done in its time",
            "Look at the hooks of the chart: it waits for nothing else."),
    OTHER(Code.HELM_FAILED, "", "Helm could not do it", "Put right what it names.");

    private static final Pattern ERROR = Pattern.compile("(?ms)^Error: (.*)");

    private final Code code;
    private final Pattern phrase;
    private final String why;
    private final String advice;

    HelmFailure(Code code, String phrase, String why, String advice) {
        this.code = code;
        this.phrase = Pattern.compile(phrase);
        this.why = why;
        this.advice = advice;
    }

    /**
     * @param operation what failed, as a noun
     * @param printed all that Helm printed to say why
     */
    static UpgradeException of(String operation, String printed, Mask mask) {
        String said = essence(printed);
        HelmFailure failure = Stream.of(values())
                .filter(candidate -> candidate.phrase.matcher(said).find())
                .findFirst()
                .orElse(OTHER);
        return new UpgradeException(
                failure.code,
                "The " + operation + " failed: " + failure.why + ". " + failure.advice + " " + mask.said(said));
    }

    /** What stands behind {@code Error:} if anything does, without the warnings before it. */
    static String essence(String printed) {
        Matcher error = ERROR.matcher(printed);
        return (error.find() ? error.group(1) : printed).strip();
    }
}
