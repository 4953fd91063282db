package io.github.milvusupgrade.availability;

/** See {@link AvailabilityProbe#named}. */
record NamedProbe(String name, Attempt code) implements AvailabilityProbe {

    @Override
    public void attempt() throws Exception {
        code.make();
    }
}
