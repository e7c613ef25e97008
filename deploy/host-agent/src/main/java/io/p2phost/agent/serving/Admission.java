package io.p2phost.agent.serving;

import java.util.Optional;

/** The player's own say over whether another map may start now. */
@FunctionalInterface
public interface Admission {
    /** Why not, in words; empty when nothing stands against it. */
    Optional<String> objection();
}
