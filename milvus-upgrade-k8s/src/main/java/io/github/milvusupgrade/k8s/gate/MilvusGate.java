package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.step.Gate;
import io.github.milvusupgrade.step.GateAnswer;
import io.github.milvusupgrade.step.StepContext;

/** A gate at one component, which shares its look at the instance with the gates that are asked at the same time. */
interface MilvusGate {

    Component component();

    /** What it asks for, as the end of "it asks that". */
    String describe();

    GateAnswer check(Look look, StepContext context) throws InterruptedException;

    /** A gate of the caller, which looks by itself. */
    static MilvusGate ofCaller(Gate gate, Component component) {
        return new MilvusGate() {
            @Override
            public Component component() {
                return component;
            }

            @Override
            public String describe() {
                return gate.describe();
            }

            @Override
            public GateAnswer check(Look unused, StepContext context) throws InterruptedException {
                return gate.check(component, context);
            }
        };
    }
}
