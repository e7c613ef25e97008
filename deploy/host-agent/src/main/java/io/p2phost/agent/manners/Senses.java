package io.p2phost.agent.manners;

/** Looks at the machine. A look takes seconds at most. */
@FunctionalInterface
public interface Senses {
    Observed look();
}
