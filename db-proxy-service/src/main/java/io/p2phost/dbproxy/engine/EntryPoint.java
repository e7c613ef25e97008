package io.p2phost.dbproxy.engine;

import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.EntryAnswer;
import io.p2phost.dbproxy.mux.EntryRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What relays ask and tell about their players. Any thread. */
public interface EntryPoint {
    /** Where an entering player goes. Empty when too much waits already; the future is always completed. */
    Optional<CompletableFuture<EntryAnswer>> enter(EntryRequest request);

    /** The relay saw the player's own wish for character select (CZ_RESTART, 0x00b2 type 1). */
    boolean restartSeen(int account);

    /** The player's connection at the relay is gone. */
    boolean connectionGone(int account, long number);

    /**
     * The player is about to give something to others. The answer is whether his wish may go on to his map-server; empty when
     * too much waits already.
     */
    Optional<CompletableFuture<Boolean>> gives(int account, long number);

    /** He has given it, or nothing came of it. */
    boolean gave(int account);

    /** The player has taken what another had dropped: he is saved at once. */
    boolean took(int account, long number);

    /**
     * The reserve has taken the player to its own copy of a map that a host serves. The answer is whether he goes on at the
     * host; empty when too much waits already.
     */
    Optional<CompletableFuture<Boolean>> walked(int account, long number, MapName map, int x, int y);

    /** The reserve's address for players, as {@code host:port}; empty until it has logged in once. */
    Optional<String> reserveAddress();
}
