package io.github.milvusupgrade.examples.service;

import io.github.milvusupgrade.error.UpgradeException;

/** A request that is answered with an error: an HTTP status, a code for machines, a message for people. */
final class ServiceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    ServiceException(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** What the library refuses, with the library's own code: clients can look it up. */
    static ServiceException of(UpgradeException e) {
        int status = switch (e.code()) {
            case NO_UPGRADE_PATH, TARGET_IMAGE_MISMATCH, UNKNOWN_VERSION, PATH_NOT_EXECUTABLE -> 422;
            case RUN_UNKNOWN -> 404;
            case MIXED_VERSIONS,
                    PREFLIGHT_BLOCKED,
                    PLAN_CHANGED,
                    LOCK_HELD,
                    RUN_UNFINISHED,
                    RUN_ENDED,
                    ROLLBACK_IMPOSSIBLE,
                    OPERATOR_MANAGED -> 409;
            case API_UNREACHABLE, CREDENTIALS_REJECTED, PERMISSION_MISSING, API_REFUSED -> 502;
            default -> 500;
        };
        return new ServiceException(status, e.code().id(), e.getMessage());
    }

    static ServiceException badRequest(String message) {
        return new ServiceException(400, "bad-request", message);
    }

    static ServiceException notFound(String message) {
        return new ServiceException(404, "not-found", message);
    }

    static ServiceException conflict(String code, String message) {
        return new ServiceException(409, code, message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
