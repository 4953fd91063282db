package io.github.milvusupgrade.k8s.rollout;

import java.util.regex.Pattern;

/** Takes what looks like a credential out of text that other programs wrote: log lines and messages of Kubernetes. */
public final class Redaction {

    /** Kubernetes has objects called secrets: what follows the bare word after a space is not their value. */
    private static final Pattern NAMED_SECRET = Pattern.compile(
            "(?i)(?!secrets?\\s+[^\\s:=])(password|passwd|secret\\w*|token|access_?key\\w*|authorization|bearer)([\"']?\\s*[:=]\\s*[\"']?|\\s+)"
                    + "((?:bearer|basic)\\s+)?([^\\s\"',;}]+)");

    private static final Pattern USER_INFO = Pattern.compile("(://[^/\\s:@]+:)[^@\\s/]+@");

    private Redaction() {}

    /** The text with the values of credentials replaced by asterisks. */
    public static String of(String text) {
        String named = NAMED_SECRET.matcher(text).replaceAll("$1$2$3***");
        return USER_INFO.matcher(named).replaceAll("$1***@");
    }
}
