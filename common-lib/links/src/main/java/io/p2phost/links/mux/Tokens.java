package io.p2phost.links.mux;

import io.p2phost.links.frame.ResumeToken;

/**
 * What a link, or one connection of a tunnel, can be resumed with, once.
 *
 * @param given the token of the link itself
 * @param before the one it was resumed with, while the host may not have got the new one
 */
public record Tokens(ResumeToken given, ResumeToken before) {
    /** Whether that one is one of them. */
    public boolean fit(ResumeToken other) {
        return given.fits(other) || before.fits(other);
    }
}
