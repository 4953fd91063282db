package io.github.milvusupgrade.k8s.config;

/** A coordinator as Milvus' configuration names it. */
public enum Coordinator {
    ROOT("rootCoord"),
    QUERY("queryCoord"),
    DATA("dataCoord"),
    INDEX("indexCoord");

    private final String section;

    Coordinator(String section) {
        this.section = section;
    }

    /** The setting with which a second process of this coordinator waits as a standby instead of failing to start. */
    public Setting activeStandby() {
        return Setting.enabled(section + ".enableActiveStandby");
    }
}
