package io.p2phost.agent.machine;

/** Measures the machine the agent runs on. */
public interface Machine {
    /** Measured anew at each call. */
    Capability capability();

    /** Load over the time since the previous call (or since the start). */
    Load load();
}
