package io.p2phost.links.charlink;

import java.util.concurrent.CompletionStage;

/** Judges a host's claim against what is in effect and the host's live state. */
@FunctionalInterface
public interface CharLinkAuthoriser {
    /**
     * Called on an event loop, must not block. The host in the hello is the one of the certificate.
     *
     * @return the verdict; a failed stage refuses as unavailable, and the host tries again
     */
    CompletionStage<CharLinkVerdict> authorise(CharLinkHello hello);
}
