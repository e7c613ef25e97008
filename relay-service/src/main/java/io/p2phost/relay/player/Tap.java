package io.p2phost.relay.player;

import io.netty.buffer.ByteBuf;

/** Looks at the packets between a player and a host's map-server, where they lie, on his loop. Keeps nothing of a buffer. */
public interface Tap {
    /** A packet of the map-server that the client may see. */
    void fromServer(int id, ByteBuf in, int at, int length);

    /** A packet of the client that goes to the map-server, or would. */
    void fromClient(int id, ByteBuf in, int at, int length);

    /** He is no longer there. */
    void end();

    /** Who looks. */
    interface Taps {
        /** Looks at nothing. */
        Taps NONE = (to, account, loop) -> Nothing.TAP;

        /** A tap for that player there. */
        Tap tap(Destination to, int account, Loop loop);
    }

    /** Sees nothing. */
    final class Nothing implements Tap {
        static final Tap TAP = new Nothing();

        private Nothing() {}

        @Override
        public void fromServer(int id, ByteBuf in, int at, int length) {
            // Sees nothing.
        }

        @Override
        public void fromClient(int id, ByteBuf in, int at, int length) {
            // Sees nothing.
        }

        @Override
        public void end() {
            // Saw nothing.
        }
    }
}
