package io.github.milvusupgrade.k8s.config;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;

/**
 * A configuration text that Milvus, or this library on its behalf, cannot read. The message names file, line, column
 * and reason; it never quotes the text, which may hold credentials.
 */
public final class MalformedYamlException extends UpgradeException {

    private static final long serialVersionUID = 1;

    private MalformedYamlException(String message) {
        super(Code.CONFIG_UNUSABLE, message);
    }

    static MalformedYamlException syntax(String fileName, int line, int column, String reason) {
        return new MalformedYamlException(
                fileName + " is not valid YAML at line " + line + ", column " + column + ": " + reason
                        + ". Correct the file in its ConfigMap or Helm values and start again; it was left untouched.");
    }

    static MalformedYamlException unacceptable(String fileName, Span place, String reason, String remedy) {
        return new MalformedYamlException(fileName + " cannot be used as a Milvus configuration, " + place.place()
                + ": " + reason + ". " + remedy + " and start again; the file was left untouched.");
    }

    static MalformedYamlException tooLarge(String fileName, long bytes, long limit) {
        return new MalformedYamlException(fileName + " is not read: it has " + bytes + " bytes, more than the " + limit
                + " that fit into a ConfigMap. Check that it is the Milvus configuration and start again.");
    }
}
