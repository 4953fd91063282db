package io.github.milvusupgrade.k8s.helm;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code helm version} says it is. Versions may be short: a helm that was built from source says {@code v3.22}.
 */
record HelmVersion(int major, int minor, String text) {

    private static final Pattern FORMAT = Pattern.compile("v?((\\d{1,4})\\.(\\d{1,4})(?:\\.\\d+)?)(?:[-+]\\S+)?");
    private static final int FIRST_MINOR_OF_3 = 14;

    static HelmVersion parse(String binary, String printed) {
        Matcher matcher = FORMAT.matcher(printed.strip());
        if (!matcher.matches()) {
            throw new UpgradeException(
                    Code.HELM_OUTPUT_UNREADABLE,
                    "\"" + binary + " version\" printed \"" + Mask.ofNothing().excerpt(printed)
                            + "\" : that is no version of Helm. Check that the binary is Helm 3.14 or later, or 4.");
        }
        return new HelmVersion(
                Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)), matcher.group(1));
    }

    /** Since 4, a release is applied by Helm or by the server, as it was when it was installed. */
    boolean knowsApplyMethods() {
        return major >= 4;
    }

    void requireSupported(String binary) {
        if (major == 3 ? minor < FIRST_MINOR_OF_3 : major != 4) {
            throw new UpgradeException(
                    Code.HELM_VERSION_UNSUPPORTED,
                    "\"" + binary + "\" is Helm " + text
                            + " : only Helm 3 from 3.14 on and Helm 4 are known here. Install one of them, or name its"
                            + " path.");
        }
    }
}
