package io.p2phost.agent.session;

import io.p2phost.agent.ExitCode;
import java.time.Duration;

/** What the session loop does after a step. */
public sealed interface Next {
    /** Another step after this time. */
    record After(Duration delay) implements Next {}

    /** The end: trying again would change nothing. */
    record End(ExitCode code, String message) implements Next {}
}
