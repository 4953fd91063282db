package io.github.milvusupgrade.k8s.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Base64;

/**
 * Name and password for a chart repository. They are sent to the host of the repository and to no other, wherever an
 * index or a redirect points.
 *
 * @param user the name
 * @param password the password; never printed
 */
public record BasicAuth(String user, String password) {

    /** Takes apart what stands before the {@code @} of a URL. */
    static BasicAuth ofUserInfo(String rawUserInfo) {
        int colon = rawUserInfo.indexOf(':');
        return colon < 0
                ? new BasicAuth(decoded(rawUserInfo), "")
                : new BasicAuth(decoded(rawUserInfo.substring(0, colon)), decoded(rawUserInfo.substring(colon + 1)));
    }

    String header() {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return user + ":***";
    }

    /** A plus sign stands for itself in this part of a URL. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }
}
