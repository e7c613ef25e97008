package io.p2phost.relay.takeover;

import io.p2phost.links.tunnel.TunnelImage;
import io.p2phost.relay.front.Carried;

/** What two processes of the relay say to each other. */
public sealed interface Message {
    /**
     * The new process asks for everything.
     *
     * @param format of what follows; see {@link Messages#FORMAT}
     */
    record Hello(int format, String relayId) implements Message {}

    /** It gets nothing. */
    record Refused(String why) implements Message {}

    /** It gets everything; descriptors come by the way that was opened for them. */
    record Welcome() implements Message {}

    /** A socket that is listened at; its descriptor is passed. */
    record Door(Kind kind) implements Message {
        /** Who connects there. */
        public enum Kind {
            PLAYERS,
            HOSTS,
            CHAR_CLIENTS
        }
    }

    /** A player; the descriptor of his connection is passed, then that of his map-server's, if there is one. */
    record Player(Carried carried) implements Message {}

    /** A host's tunnel. */
    record Tunnel(TunnelImage image) implements Message {}

    /** That was all of it. */
    record End(int messages) implements Message {}

    /** The new process has got all of it. From here on the old one does nothing with it any more. */
    record Taken() implements Message {}

    /** The old process has let go of all of it. */
    record Go() implements Message {}
}
