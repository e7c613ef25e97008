package io.p2phost.links.charlink;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.mux.KeptStreams;
import io.p2phost.links.mux.Tokens;

/**
 * A link that broke, for as long as its host may come back.
 *
 * @param came the claim as the host made it, and will again
 * @param hello the claim in force
 */
record KeptLink(CharLinkHello came, CharLinkHello hello, Tokens tokens, KeptStreams streams) {
    boolean resumedBy(CharLinkHello asItCame, ResumeToken token) {
        return came.equals(asItCame) && tokens.fit(token) && streams.onTheirLoop();
    }

    /** Whether that epoch fences it; standbys act for nobody. */
    boolean fencedBy(MapName map, Epoch epoch) {
        return hello.role() == CellRole.PRIMARY
                && hello.map().equals(map)
                && hello.epoch().isBefore(epoch);
    }

    boolean isOf(HostId host) {
        return hello.host().equals(host);
    }

    /** The standby's host owns the map from that epoch on. */
    KeptLink promoted(Epoch epoch) {
        return hello.role() == CellRole.STANDBY
                ? new KeptLink(
                        came, new CharLinkHello(hello.host(), hello.map(), epoch, CellRole.PRIMARY), tokens, streams)
                : this;
    }
}
