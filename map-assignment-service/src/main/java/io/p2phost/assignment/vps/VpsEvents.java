package io.p2phost.assignment.vps;

/** Tells the other services, in the current transaction. */
@FunctionalInterface
public interface VpsEvents {
    /**
     * Announces a change.
     *
     * @param registered false when it was taken out
     * @param version grows with every change of this VPS
     */
    void changed(Vps vps, boolean registered, long version);
}
