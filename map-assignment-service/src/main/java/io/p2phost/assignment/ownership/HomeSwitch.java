package io.p2phost.assignment.ownership;

/** Whether the operator called every map home; kept for all instances. */
public interface HomeSwitch {
    boolean on();

    void set(boolean on, String actor);
}
