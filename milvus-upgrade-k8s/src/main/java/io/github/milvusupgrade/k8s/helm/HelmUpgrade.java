package io.github.milvusupgrade.k8s.helm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What is to become of a release. Immutable; {@link #toString()} leaves the values out, since passwords are among them.
 *
 * @param namespace where the release is
 * @param release its name
 * @param chart an archive ({@code .tgz}) or a folder with a chart
 * @param values all that the user supplies, complete: values of earlier revisions are not added to it; a null takes a
 *     default of the chart away
 * @param description what {@code helm history} shows for the revision; not secret
 */
public record HelmUpgrade(String namespace, String release, Path chart, ObjectNode values, String description) {

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** As {@code helm/helm:pkg/chartutil/validate_name.go} has it. */
    private static final Pattern RELEASE =
            Pattern.compile("(?=.{1,53}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    public HelmUpgrade {
        requireNames(namespace, release);
        values = values.deepCopy();
    }

    /** A copy, which the caller may change. */
    @Override
    public ObjectNode values() {
        return values.deepCopy();
    }

    /** The same upgrade, with another text for {@code helm history}. */
    public HelmUpgrade describedAs(String text) {
        return new HelmUpgrade(namespace, release, chart, values, text);
    }

    static void requireNames(String namespace, String release) {
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException("\"" + namespace + "\" is no namespace : it is no DNS label.");
        }
        if (!RELEASE.matcher(release).matches()) {
            throw new IllegalArgumentException("\"" + release + "\" is no name of a Helm release : only up to 53 of"
                    + " a-z, 0-9, '-' and '.' may be in it, letters and digits at both ends.");
        }
    }

    @Override
    public String toString() {
        return "upgrade of " + namespace + "/" + release + " to chart " + chart;
    }
}
