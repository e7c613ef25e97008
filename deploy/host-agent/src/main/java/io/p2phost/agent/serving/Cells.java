package io.p2phost.agent.serving;

import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.util.Optional;

/** The map-servers that the agent runs itself, one per map. */
public interface Cells {
    /** An agent that runs none. */
    Cells NONE = new Cells() {
        @Override
        public boolean runs(MapName map) {
            return false;
        }

        @Override
        public String why(MapName map) {
            return "not named by --serve here";
        }

        @Override
        public Cell start(MapName map, String charServer, Runnable ended) throws IOException {
            throw new IOException(why(map));
        }
    };

    /** Whether a map-server for that map can be started here. */
    boolean runs(MapName map);

    /** Why not. */
    String why(MapName map);

    /**
     * Starts that map's map-server, after an earlier one of it is gone for certain; does not wait until it serves.
     *
     * @param charServer where it finds its char-server, as {@code host:port}
     * @param ended called once when it ended, in whatever way; must not wait
     * @throws IOException when it cannot be started, or must not be because it crashes again and again
     */
    Cell start(MapName map, String charServer, Runnable ended) throws IOException;

    /** A map-server that was started. */
    interface Cell {
        /** Where its players go. */
        LocalServer server();

        /** How it ended, in words; empty while it runs. */
        Optional<String> end();

        /** Ends it: at once, or with some seconds to end by itself. Does not wait. */
        void stop(boolean atOnce);
    }
}
