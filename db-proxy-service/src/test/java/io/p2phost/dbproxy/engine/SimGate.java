package io.p2phost.dbproxy.engine;

/** The engine's own gate, for simulations of what is behind it. */
public final class SimGate {
    private final OutputGate gate = new OutputGate();

    public long journal() {
        return gate.journal();
    }

    public void free(long number) {
        gate.free(number);
    }

    public void pass(Runnable output) {
        gate.pass(output);
    }
}
