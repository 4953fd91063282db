package io.github.milvusupgrade.k8s.config;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;

/**
 * A valid configuration text in which a setting cannot be changed without risk for something else, for example because
 * the section is an alias of another one. Nothing was changed; the message says where the obstacle is and what to write
 * by hand. It names keys and positions, never values.
 */
public final class UneditableYamlException extends UpgradeException {

    private static final long serialVersionUID = 1;

    private UneditableYamlException(String message) {
        super(Code.CONFIG_UNUSABLE, message);
    }

    static UneditableYamlException at(String fileName, Span place, String key, String reason) {
        return new UneditableYamlException(key + " cannot be set in " + fileName + ", " + place.place() + ": " + reason
                + ". Set " + key + " there by hand and start again; the file was left untouched.");
    }
}
