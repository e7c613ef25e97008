package io.p2phost.links.charlink;

import io.p2phost.links.frame.ResumeToken;

/**
 * What a link can be resumed with, once.
 *
 * @param given the token of the link itself
 * @param before the one it was resumed with, while the host may not have got the new one
 */
record Tokens(ResumeToken given, ResumeToken before) {
    boolean fit(ResumeToken other) {
        return given.fits(other) || before.fits(other);
    }
}
