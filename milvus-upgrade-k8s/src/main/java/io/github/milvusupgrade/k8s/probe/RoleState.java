package io.github.milvusupgrade.k8s.probe;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a role in a Milvus process is, in the numbers of its {@code StateCode}
 * (milvus-io/milvus-proto:proto/common.proto). A number that is not here is none that may be guessed at.
 */
public enum RoleState {
    /** It starts; or a standby takes over and recovers what its predecessor knew. */
    INITIALIZING(0),
    /** It serves. Of a coordinator: it is the active one. */
    HEALTHY(1),
    /** It gave up. */
    ABNORMAL(2),
    /** A coordinator that waits to take over. Kubernetes calls its pod ready. */
    STANDBY(3),
    /** It hands over what it has, and goes. */
    STOPPING(4);

    private final int code;

    RoleState(int code) {
        this.code = code;
    }

    static Optional<RoleState> of(int code) {
        return Stream.of(values()).filter(state -> state.code == code).findFirst();
    }

    /** As people say it: {@code standby}, {@code initializing}. */
    public String word() {
        return switch (this) {
            case INITIALIZING -> "initializing";
            case HEALTHY -> "healthy";
            case ABNORMAL -> "abnormal";
            case STANDBY -> "standby";
            case STOPPING -> "stopping";
        };
    }
}
