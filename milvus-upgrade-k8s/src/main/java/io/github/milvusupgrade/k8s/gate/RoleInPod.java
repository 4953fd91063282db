package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.k8s.probe.RoleState;

/**
 * What a role of Milvus is in one pod.
 *
 * @param role its name, in lower case
 * @param pod the name of the pod
 * @param state how it is
 */
record RoleInPod(String role, String pod, RoleState state) {

    /** Coordinators elect an active one; every node and proxy is. */
    boolean coordinates() {
        return role.endsWith("coord");
    }

    boolean is(RoleState wanted) {
        return state == wanted;
    }

    /** For people: {@code rootcoord in pod a-b-c is initializing}. */
    @Override
    public String toString() {
        return role + " in pod " + pod + " is " + state.word();
    }
}
