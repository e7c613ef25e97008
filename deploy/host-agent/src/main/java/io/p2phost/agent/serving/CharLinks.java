package io.p2phost.agent.serving;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import java.io.IOException;

/** Dials db-proxy on behalf of a map. */
public interface CharLinks {
    /**
     * Opens the char link of (map, epoch) and waits for the answer to its hello. A standby's link goes on as that of the
     * map's server when its host becomes the owner.
     *
     * @throws FencedException when that epoch is over
     * @throws IOException when db-proxy cannot be reached, or does not accept this host now
     */
    CharLink open(MapName map, Epoch epoch, ClaimRole role) throws FencedException, IOException, InterruptedException;

    /**
     * Where that map's map-server shall look for its char-server, as {@code host:port}; the same before a link and after.
     *
     * @throws IOException when there is no local port for it
     */
    String charServerAddress(MapName map) throws IOException;

    /** An accepted char link. */
    interface CharLink extends AutoCloseable {
        /** Waits for the next news; throws if it is that the epoch is over. After the end there is none. */
        News await() throws FencedException, InterruptedException;

        /** Where the map-server finds its char-server while the link stands, as {@code host:port}. */
        String charServerAddress();

        @Override
        void close();
    }

    /** What happens to an accepted char link. */
    enum News {
        /** The map-server is logged in at its char-server. */
        SERVER_LOGGED_IN,
        /** The map-server has hung up; the link stands. */
        SERVER_LEFT,
        /** The link is over. */
        ENDED
    }

    /** The arbiter says that the epoch is over. */
    final class FencedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final long currentEpoch;

        public FencedException(Epoch currentEpoch) {
            super("fenced, current epoch " + currentEpoch);
            this.currentEpoch = currentEpoch.value();
        }

        public Epoch currentEpoch() {
            return Epoch.of(currentEpoch);
        }
    }
}
