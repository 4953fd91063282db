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
            "Renew the credentials in the kubeconfig that Helm is given."),
    UNREACHABLE(
            Code.API_UNREACHABLE,
            "(?i)kubernetes cluster unreachable",
            "Check the kubeconfig that Helm is given, and the network."),
    NO_RELEASE(
            Code.HELM_RELEASE_MISSING,
            "has no deployed releases|release: not found",
            "Check namespace and name with \"helm list --all --namespace …\"; Helm looks only where it keeps releases by"
                    + " default, in Secrets."),
    NO_REVISION(
            Code.HELM_RELEASE_MISSING,
            "release has no \\d+ version",
            "Helm keeps 10 revisions; \"helm history\" shows them."),
    BUSY(
            Code.HELM_BUSY,
            "another operation \\(install/upgrade/rollback\\) is in progress"
                    + "|\"sh\\.helm\\.release\\.v1\\.\\S+\" already exists",
            "If somebody else is at work, wait. If a Helm died at it, \"helm history\" shows a pending revision: roll back"
                    + " to the last one that was deployed."),
    FORBIDDEN(
            Code.PERMISSION_MISSING,
            " is forbidden: User ",
            "Grant it to the account of the kubeconfig that Helm is given."),
    OWNED_BY_OTHERS(
            Code.CHANGED_BY_OTHERS,
            "(?i)apply failed with \\d+ conflicts?:",
            "The release is applied by the server, and the fields that are named were set by somebody else since. Decide"
                    + " which is right."),
    SLOW(
            Code.HELM_TIMED_OUT,
            "timed out waiting for the condition|context deadline exceeded",
            "Look at the hooks of the chart: Helm waits for nothing else."),
    OTHER(Code.HELM_FAILED, "", "Put right what Helm says.");

    private static final Pattern ERROR = Pattern.compile("(?ms)^Error: (.*)");

    private final Code code;
    private final Pattern phrase;
    private final String advice;

    HelmFailure(Code code, String phrase, String advice) {
        this.code = code;
        this.phrase = Pattern.compile(phrase);
        this.advice = advice;
    }

    /**
     * @param operation what failed, as a noun
     * @param printed all that Helm printed to say why
     */
    static UpgradeException of(String operation, String printed) {
        Matcher error = ERROR.matcher(printed);
        String said = (error.find() ? error.group(1) : printed).strip();
        HelmFailure failure = Stream.of(values())
                .filter(candidate -> candidate.phrase.matcher(said).find())
                .findFirst()
                .orElse(OTHER);
        String why = said.isEmpty() ? "Helm gave no reason" : Excerpt.of(said).replaceFirst("\\.$", "");
        return new UpgradeException(failure.code, "The " + operation + " failed: " + why + ". " + failure.advice);
    }
}
