package io.p2phost.standalone.suite;

/** Where a part is in its life. */
public enum PartState {
    /** Its turn has not come. */
    WAITING,
    /** Being started, or started and not ready. */
    STARTING,
    /** Answers. */
    READY,
    /** Died; will be started again after a pause. */
    RESTARTING,
    /** Died too often in a row; the rest of the suite goes on. */
    FAILED,
    STOPPING,
    STOPPED;

    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
